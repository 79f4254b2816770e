// A client that asks all the time, a new connection for each request, and writes every answer as a line of JSON.
// Arguments: pairs LOCAL-ADDRESS URL.
import { appendFileSync } from 'node:fs';
import { get } from 'node:http';
import process from 'node:process';

const [file = '', ...pairs] = process.argv.slice(2);
for (let index = 0; index < pairs.length; index += 2)
  void askForEver(pairs[index] ?? '', pairs[index + 1] ?? '', 10_000 + index * 5_000);

// No port twice: IPVS drops, without a word, what comes from the port of a connection that it still knows to a
// destination that is gone.
async function askForEver(localAddress: string, url: string, firstPort: number): Promise<never> {
  for (let localPort = firstPort; ; localPort++) {
    const at = Date.now();
    const answer = await ask({ localAddress, localPort }, url);
    appendFileSync(file, `${JSON.stringify({ at, took: Date.now() - at, url, ...answer })}\n`);
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}

function ask(
  from: { localAddress: string; localPort: number },
  url: string,
): Promise<{ from: string } | { fault: string }> {
  return new Promise(resolve => {
    const request = get(url, { ...from, agent: false, timeout: 3_000 }, response => {
      let body = '';
      response.on('data', text => {
        body += text;
      });
      response.on('end', () => resolve({ from: body }));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', fault => resolve({ fault: fault.message }));
  });
}
