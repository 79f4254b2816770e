import * as assert from 'uvu/assert';
import { formatCertificates } from '../../../src/metrics/certificates.ts';
import { Counters } from '../../../src/metrics/counters.ts';
import { vsId } from '../../../src/model/ids.ts';
import { planRealServer, planVirtualServer } from '../../support/plans.ts';
import { suite } from '../../support/suite.ts';

const test = suite('metrics/certificates');
const plan = planVirtualServer([planRealServer(1), planRealServer(2)], { id: vsId('vs') });

const ids = plan.realServers.map(({ id }) => id);
const tallyOf = (counters: Counters) => counters.of(plan.id) ?? { checks: new Map(), failures: new Map() };

function setUp() {
  const counters = new Counters();
  const series = (): readonly string[] =>
    [...formatCertificates(tallyOf(counters), plan, ids)].map(line =>
      line.replace('checkalived_certificate_expiry_timestamp_seconds', '').trimEnd(),
    );
  const observe = (realServer: string, checkType = 'SSL_GET') => {
    const observer = counters.observe({ virtualServer: 'vs', realServer, checkType });
    return {
      /** The check ends, and the certificate does so many seconds after 1970. */
      saw: (certificateEnds: number) =>
        observer.finished(0, { ok: true, took: 1, detail: '', certificateEnds: certificateEnds * 1000 }),
      passed: () => observer.finished(0, { ok: true, took: 1, detail: '' }),
      failed: (certificateEnds: number) =>
        observer.finished(0, {
          ok: false,
          took: 1,
          reason: 'status',
          detail: '',
          certificateEnds: certificateEnds * 1000,
        }),
      refused: () => observer.finished(0, { ok: false, took: 1, reason: 'refused', detail: '' }),
      close: () => observer.close(),
    };
  };
  return { observe, series };
}

test('a real server whose checks saw no certificate has no series', () => {
  const { observe, series } = setUp();
  assert.equal(series(), []);
  const check = observe('10.0.0.1:80');
  check.passed();
  check.refused();
  assert.equal(series(), []);
});

test('the last that was seen stays, and gives way to the next', () => {
  const { observe, series } = setUp();
  const check = observe('10.0.0.1:80');
  check.saw(1_800_000_000);
  check.passed();
  check.refused();
  assert.equal(series(), ['{10.0.0.1:80} 1800000000']);
  check.saw(1_900_000_000);
  assert.equal(series(), ['{10.0.0.1:80} 1900000000']);
  check.failed(1_700_000_000);
  assert.equal(series(), ['{10.0.0.1:80} 1700000000']);
});

test('of several checks the first to end counts, until it leaves', () => {
  const { observe, series } = setUp();
  const [one, two] = [observe('10.0.0.1:80'), observe('10.0.0.1:80', 'TCP_CHECK')];
  one.saw(1_900_000_000);
  two.saw(1_800_000_000);
  observe('10.0.0.2:80').saw(1_700_000_000);
  assert.equal(series(), ['{10.0.0.1:80} 1800000000', '{10.0.0.2:80} 1700000000']);
  two.close();
  assert.equal(series(), ['{10.0.0.1:80} 1900000000', '{10.0.0.2:80} 1700000000']);
  // A reload that edits the last check: the new one comes first, and has seen nothing yet.
  observe('10.0.0.1:80');
  one.close();
  assert.equal(series(), ['{10.0.0.2:80} 1700000000']);
});

test.run();
