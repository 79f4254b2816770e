import { authPassTooLong } from './auth-pass-too-long.ts';
import { checkLongerThanDelayLoop } from './check-longer-than-delay-loop.ts';
import { mailHalfway } from './mail-halfway.ts';
import { masterWithNopreempt } from './master-with-nopreempt.ts';
import { nbGetRetry } from './nb-get-retry.ts';
import { noChecker } from './no-checker.ts';
import { noProtocol } from './no-protocol.ts';
import { ownKeyword } from './own-keyword.ts';
import { portChanged } from './port-changed.ts';
import { quorumChanged } from './quorum-changed.ts';
import { realServerOutsideSubnets } from './real-server-outside-subnets.ts';
import { repeatedVirtualRouterId } from './repeated-virtual-router-id.ts';
import { repeatedVirtualServer } from './repeated-virtual-server.ts';
import type { LintRule } from './rule.ts';
import { scriptNotExecutable } from './script-not-executable.ts';
import { scriptNotFound } from './script-not-found.ts';
import { scriptSecurity } from './script-security.ts';
import { scriptWritable } from './script-writable.ts';
import { sorryServerIsRealServer } from './sorry-server-is-real-server.ts';
import { tlsFileNotFound } from './tls-file-not-found.ts';
import { trackFileFolder } from './track-file-folder.ts';
import { trackScriptNotFound } from './track-script-not-found.ts';
import { unprovenUdpCheck } from './unproven-udp-check.ts';
import { weightsIgnored } from './weights-ignored.ts';

/** Every rule, in the order of the reference. */
export const lintRules: readonly LintRule[] = [
  noChecker,
  noProtocol,
  portChanged,
  repeatedVirtualServer,
  quorumChanged,
  weightsIgnored,
  realServerOutsideSubnets,
  sorryServerIsRealServer,
  nbGetRetry,
  checkLongerThanDelayLoop,
  unprovenUdpCheck,
  mailHalfway,
  scriptNotFound,
  scriptNotExecutable,
  scriptWritable,
  scriptSecurity,
  trackFileFolder,
  trackScriptNotFound,
  tlsFileNotFound,
  authPassTooLong,
  repeatedVirtualRouterId,
  masterWithNopreempt,
  ownKeyword,
];
