import * as assert from 'uvu/assert';
import { TransitionCounts } from '../../../src/metrics/transitions.ts';
import { rsId, vsId } from '../../../src/model/ids.ts';
import type { Transition } from '../../../src/model/transition.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';
import { transition } from '../store/support.ts';

const test = suite('metrics/transitions');
const of = (virtualServer: string, realServer: string | null, from: string, to: string): Transition =>
  transition({
    object: realServer === null ? 'virtual_server' : 'real_server',
    virtualServer: vsId(virtualServer),
    realServer: realServer === null ? null : rsId(realServer),
    from,
    to,
  });

test('changes are counted by what they lead to, and all by what they are about', () => {
  const counts = new TransitionCounts();
  for (const each of [
    of('vs', 'rs', 'up', 'down'),
    of('vs', 'rs', 'down', 'up'),
    of('vs', 'rs', 'up', 'down'),
    of('vs', null, 'up', 'down'),
    transition({ object: 'weight', virtualServer: vsId('vs'), realServer: rsId('rs'), from: '1', to: '2' }),
    transition({ object: 'sorry_server', virtualServer: vsId('vs'), from: 'inactive', to: 'active' }),
  ]) {
    counts.changed(each);
  }
  assert.equal(counts.objects, { real_server: 3, virtual_server: 1, sorry_server: 1, weight: 1 });
  assert.equal(counts.of('vs')?.quorum, { up: 0, down: 1 });
  assert.equal([...(counts.of('vs')?.realServers ?? [])], [['rs', { up: 1, down: 2 }]]);
});

test('a first verdict of up is what was assumed, one of down is a change', () => {
  const counts = new TransitionCounts();
  counts.changed(of('vs', 'a', 'unknown', 'up'));
  counts.changed(of('vs', null, 'unknown', 'up'));
  assert.is(counts.of('vs'), undefined);
  counts.changed(of('vs', 'b', 'unknown', 'down'));
  counts.changed(of('vs', 'b', 'down', 'unknown'));
  assert.equal([...(counts.of('vs')?.realServers ?? [])], [['b', { up: 0, down: 1 }]]);
});

test('what a reload takes out begins at 0 when it comes back', () => {
  const counts = new TransitionCounts();
  const plan = planVirtualServer([planRealServer(1)]);
  const [stays, left] = ['10.0.0.1:80', '10.0.0.2:80'];
  counts.changed(of(plan.id, stays, 'up', 'down'));
  counts.changed(of(plan.id, left, 'up', 'down'));
  counts.changed(of('gone', stays, 'up', 'down'));
  counts.keep([plan]);
  assert.equal([...(counts.of(plan.id)?.realServers.keys() ?? [])], [stays]);
  assert.is(counts.of('gone'), undefined);
  assert.is(counts.objects.real_server, 3);
});

test.run();
