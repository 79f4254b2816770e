import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Numbers of real_server_state_code. */
export const stateCode = { down: 0, up: 1, draining: 2, unknown: 3, disabled: 4 } as const;

/** Numbers that this dashboard gives to the states of a VRRP instance; 0 is a state that the host does not show. */
export const vrrpCode = { master: 1, backup: 2, fault: 3, stop: 4 } as const;

export const serverStates = map({
  [stateCode.down]: ['DOWN', 'red'],
  [stateCode.up]: ['UP', 'green'],
  [stateCode.draining]: ['DRAINING', 'orange'],
  [stateCode.unknown]: ['UNKNOWN', 'blue'],
  [stateCode.disabled]: ['DISABLED', 'text'],
});

export const upOrDown = map({ 0: ['DOWN', 'red'], 1: ['UP', 'green'] });
export const sorryStates = map({ 0: ['no', 'green'], 1: ['SORRY', 'orange'] });
export const goodOrBad = map({ 0: ['FAILED', 'red'], 1: ['OK', 'green'] });

export const vrrpStates = map({
  0: ['UNKNOWN', 'text'],
  [vrrpCode.master]: ['MASTER', 'green'],
  [vrrpCode.backup]: ['BACKUP', 'blue'],
  [vrrpCode.fault]: ['FAULT', 'red'],
  [vrrpCode.stop]: ['STOPPED', 'orange'],
});

function map(texts: Readonly<Record<number, readonly [text: string, color: string]>>): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(texts).map(([value, [text, color]], index) => [value, { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}
