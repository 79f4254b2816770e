// Does keepalived take a file with the blocks that `checkalived config trackfile` prints?
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { checkers } from '../../checks/index.ts';
import { printTrackfileBlocks } from '../../src/cli/commands/config-trackfile.ts';
import { diskFiles } from '../../src/config/load.ts';
import { readConfig } from '../../src/config/read.ts';
import { patterns } from '../../src/sys/patterns.ts';
import { pasteBlocks } from '../support/paste-blocks.ts';
import { suite } from '../support/suite.ts';
import { createFakeIo } from '../unit/cli/fake-io.ts';
import { startKeepalived, whyNoKeepalived } from './keepalived.ts';

const test = suite('differential/trackfile', 60_000);

const check = '@checkalived TCP_CHECK {\n@checkalived }';
const service = (head: string, real: string, more = 'protocol TCP') =>
  `virtual_server ${head} {\nlb_algo rr\nlb_kind NAT\n${more}\nreal_server ${real} {\nweight 7\n${check}\n}\n}\n`;
const text = [
  '@checkalived checkalived {\n@checkalived ipvs trackfile\n@checkalived track_dir "/tmp/my values"\n@checkalived }\n',
  'virtual_server_group web_1 {\n10.0.0.9 80\n10.0.0.9 81\n}\n',
  service('10.0.0.1 80', '10.1.0.2 80'),
  service('2001:db8::1 80', '2001:db8::2 8080'),
  service('fwmark 7', '10.1.0.3 80', ''),
  service('group web_1', '10.1.0.4 80'),
].join('');

test('with the blocks pasted keepalived complains of nothing', async () => {
  assert.is(whyNoKeepalived(), null);
  const folder = mkdtempSync(join(tmpdir(), 'trackfile-'));
  const keepalived = startKeepalived();
  try {
    const file = join(folder, 'keepalived.conf');
    const options = { configId: 'checkalived', checkers, hostName: 'lb1', files: diskFiles, environment: {}, patterns };
    const io = createFakeIo();
    const load = async () => readConfig(file, text, options);
    assert.is(await printTrackfileBlocks({ file, configId: 'checkalived' }, io, { load }), 0, io.stderr.text);
    assert.is(io.stdout.text.match(/ track_file \S+ \{/g)?.length, 8);
    const pasted = pasteBlocks(text, file, io.stdout.text);
    const verdictOf = async (content: string) => {
      writeFileSync(file, content);
      return keepalived.test(file);
    };
    assert.equal(await verdictOf(pasted), { exit: 0, messages: [] });
    // It does look at the blocks.
    const broken = await verdictOf(pasted.replaceAll('.weight {', '.other {'));
    assert.match(broken.messages.join('\n'), 'track_file tcp_10.0.0.1:80_10.1.0.2:80.weight not found');
  } finally {
    await keepalived.close();
    rmSync(folder, { recursive: true });
  }
});

test.run();
