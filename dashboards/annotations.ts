import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { catalogue } from '../src/metrics/catalogue.ts';
import { prometheus } from './panels.ts';
import type { Select } from './promql.ts';

/** With ten thousand real servers that fall at once a hundred marks tell as much. */
const most = 100;

/**
 * Changes of real servers. The value is the time of the change, so the mark stands where it was and not where it was
 * scraped; changes before what is shown are left out.
 */
export function transitionsOf(select: Select): readonly AnnotationQuery[] {
  const at = `${select(catalogue.lastTransition)} * 1000 >= $__from`;
  const when = (up: 0 | 1): string => `topk(${most}, ${at} and ${select(catalogue.realServerUp)} == ${up})`;
  return [
    mark('Real server down', 'red', when(0), '{{real_server}} down', '{{virtual_server}}, seen by {{instance}}', true),
    mark('Real server up', 'green', when(1), '{{real_server}} up', '{{virtual_server}}, seen by {{instance}}', true),
  ];
}

/** Configurations that were taken: a start or a reload. */
export function configurationsOf(select: Select): AnnotationQuery {
  const { configReloadTime } = catalogue;
  const at = `${select(configReloadTime)} * 1000 >= $__from`;
  return mark('Configuration', 'blue', at, 'configuration taken', '{{instance}}', true);
}

/** The moments in which a director became master; they have no time of their own. */
export function mastersOf(select: Select): AnnotationQuery {
  const master = select(catalogue.vrrpState, { where: { state: '="master"' } });
  const became = `changes(${master}[$__rate_interval]) > 0 and ${master} == 1`;
  return mark('Master', 'purple', became, '{{vrrp_instance}}: master', '{{instance}}', false);
}

function mark(
  name: string,
  color: string,
  expression: string,
  title: string,
  text: string,
  useValueForTime: boolean,
): AnnotationQuery {
  return (
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(prometheus)
      .enable(true)
      .iconColor(color)
      .expr(expression)
      .titleFormat(title)
      .textFormat(text)
      .useValueForTime(useValueForTime)
      // Grafana's own is a minute, in which a server may have gone and come back.
      .step('15s')
      .build()
  );
}
