import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { convertLdirectord } from '../../../../src/config/ldirectord/convert.ts';
import { ldirectordKeywords, services } from '../../../../src/config/ldirectord/keywords.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('config/ldirectord/keywords');
const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/from-ldirectord.md'), 'utf8');
/** All that ldirectord's manual documents. */
const documented =
  'virtual checktimeout negotiatetimeout checkinterval checkcount failurecount autoreload callback fallback fallbackcommand logfile emailalert emailalertfrom emailalertfreq emailalertstatus smtp execute supervised fork quiescent readdquiescent cleanstop maintenancedir real checktype service checkcommand checkport request receive httpmethod virtualhost login passwd database secret scheduler persistent netmask protocol monitorfile ops servicename comment virtual6 real6 fallback6'.split(
    ' ',
  );

test('every documented keyword of ldirectord is in the table, and none twice', () => {
  const names = ldirectordKeywords.map(({ name }) => name);
  assert.equal(
    documented.filter(name => !names.includes(name)),
    [],
  );
  assert.is(new Set(names).size, names.length);
});
test('the table of the guide is that of the keywords', () => {
  const rows = ldirectordKeywords.map(
    ({ name, place, default: otherwise, becomes }) => `| \`${name}\` | ${place} | ${otherwise} | ${becomes} |`,
  );
  assert.equal(
    guide.split('\n').filter(line => /^\| `\w+` \| (global|virtual|both) \|/.test(line)),
    rows,
  );
});
test('the guide names the checker of each service', () => {
  for (const service of services) {
    const text = `virtual = 192.0.2.1:9\n\treal = 10.0.0.1:9 masq\n\tservice = ${service}\n`;
    const checker = /^ +([A-Z]+_(?:CHECK|GET)) \{/m.exec(convertLdirectord('f', text).text)?.[1] ?? 'none';
    const row = guide.split('\n').find(line => new RegExp(`^\\| [^|]*\`${service}\``).test(line));
    assert.match(row ?? `no row for ${service}`, checker);
  }
});

test.run();
