import * as assert from 'uvu/assert';
import { scenario } from './lab.ts';

const { test, lab } = scenario('lab: dynamic weights');
const file = '/run/keepalived.conf';

test('the exit code of a dynamic MISC_CHECK is the weight that ipvsadm shows', async () => {
  await lab.write('/run/load.sh', '#!/bin/sh\nexit "$(cat "/run/load-$1")"\n');
  await lab.run('dir1', 'chmod 755 /run/load.sh; echo 0 >/run/load-one; echo 0 >/run/load-two');
  await lab.write(file, configuration);
  await lab.startAgent({ file, mode: 'manage' });
  await shown({ '10.9.0.4:80': 10, '10.9.0.5:80': 10 });
  for (const [code, weight] of [
    [2, 0],
    [3, 1],
    [102, 100],
    [255, 253],
    [0, 10],
  ] as const) {
    await lab.write('/run/load-one', `${code}\n`);
    await shown({ '10.9.0.4:80': weight, '10.9.0.5:80': 10 });
  }
});

test('exit code 1 takes the real server out, and the next good code brings it back with its weight', async () => {
  await lab.write('/run/load-one', '1\n');
  await shown({ '10.9.0.5:80': 10 });
  await lab.write('/run/load-one', '52\n');
  await shown({ '10.9.0.4:80': 50, '10.9.0.5:80': 10 });
});

test('with inhibit_on_failure exit code 1 leaves the real server in the table with weight 0', async () => {
  await lab.write('/run/load-two', '1\n');
  await shown({ '10.9.0.4:80': 50, '10.9.0.5:80': 0 });
  await lab.write('/run/load-two', '0\n');
  await shown({ '10.9.0.4:80': 50, '10.9.0.5:80': 10 });
});

async function shown(weights: Record<string, number>): Promise<void> {
  await lab.tableIs({ 'TCP 10.9.0.101:80': weights });
  const text = await lab.run('dir1', 'ipvsadm -Ln');
  const rows = [...text.matchAll(/-> (\d\S+) +Route +(\d+)/g)].map(row => [row[1], Number(row[2])] as const);
  assert.equal(Object.fromEntries(rows), weights, text);
}

const realServer = (number: number, name: string, inhibit = '') => `  real_server 10.9.0.${number} 80 {
    weight 10
    ${inhibit}
    MISC_CHECK {
      misc_path "/run/load.sh ${name}"
      misc_timeout 2
      misc_dynamic
    }
  }`;
const configuration = `global_defs {
  script_user root
  enable_script_security
}
virtual_server 10.9.0.101 80 {
  delay_loop 1
  warmup 0
  lb_algo wrr
  lb_kind DR
  protocol TCP
${realServer(4, 'one')}
${realServer(5, 'two', 'inhibit_on_failure')}
}
`;

test.run();
