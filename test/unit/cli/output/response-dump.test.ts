import { Buffer } from 'node:buffer';
import * as assert from 'uvu/assert';
import { createResponseDump } from '../../../../src/cli/output/response-dump.ts';
import { suite } from '../../../support/suite.ts';
import { createFakeIo } from '../fake-io.ts';

const test = suite('cli/output/response-dump');

function setUp() {
  const { stdout } = createFakeIo();
  return { stdout, dump: createResponseDump(stdout) };
}
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

// Both texts are what keepalived 2.2.7 printed.
test('header and body of one read', () => {
  const { stdout, dump } = setUp();
  dump.read();
  dump.header(bytes('HTTP/1.0 200 OK\r\nX: a\0b\xe9\r\n\r\n'));
  dump.body(bytes('abc'));
  dump.digest('900150983cd24fb0d6963f7d28e17f72');
  assert.is(
    stdout.text,
    `-----------------------[    HTTP Header Buffer    ]-----------------------
0000  48 54 54 50 2f 31 2e 30 - 20 32 30 30 20 4f 4b 0d   HTTP/1.0 200 OK.
0016  0a 58 3a 20 61 00 62 e9 - 0d 0a 0d 0a               .X: a.b.....    
-----------------------[ HTTP Header Ascii Buffer ]-----------------------
HTTP/1.0 200 OK\r
X: a
-----------------------[        HTML Buffer        ]-----------------------
0000  61 62 63                -                           abc             

-----------------------[    HTML hash resulting    ]-----------------------
0000  90 01 50 98 3c d2 4f b0 - d6 96 3f 7d 28 e1 7f 72   ..P.<.O...?}(..r
-----------------------[ HTML hash final resulting ]-----------------------
900150983cd24fb0d6963f7d28e17f72
`,
  );
});

test('a header in two reads and a body in two more', () => {
  const { stdout, dump } = setUp();
  dump.read();
  dump.read();
  dump.header(bytes('HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n'));
  dump.read();
  dump.body(bytes('hello '));
  dump.read();
  dump.body(bytes('world\n'));
  assert.is(
    stdout.text,
    `-----------------------[    HTTP Header Buffer    ]-----------------------
-----------------------[    HTTP Header Buffer    ]-----------------------
0000  48 54 54 50 2f 31 2e 30 - 20 32 30 30 20 4f 4b 0d   HTTP/1.0 200 OK.
0016  0a 43 6f 6e 74 65 6e 74 - 2d 54 79 70 65 3a 20 74   .Content-Type: t
0032  65 78 74 2f 70 6c 61 69 - 6e 0d 0a 0d 0a            ext/plain....   
-----------------------[ HTTP Header Ascii Buffer ]-----------------------
HTTP/1.0 200 OK\r
Content-Type: text/plain\r
\r

0000  68 65 6c 6c 6f 20       -                           hello           
0000  77 6f 72 6c 64 0a       -                           world.          
`,
  );
});

test.run();
