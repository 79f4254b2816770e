import * as assert from 'uvu/assert';
import { createIpvsadmTable } from '../../../src/ipvs/ipvsadm.ts';
import type { Execute } from '../../../src/model/ports.ts';
import { suite } from '../../support/suite.ts';
import { destination, service, tableOf, tcp } from './build.ts';

const test = suite('ipvs/ipvsadm');

type Answer = Partial<Awaited<ReturnType<Execute>>> | Error;
/** Answers as told and keeps every call as `file args < input`. */
function record(answer: (call: string, input: string) => Answer) {
  const calls: string[] = [];
  const execute: Execute = async (file, args, input) => {
    const call = [file, ...args].join(' ');
    calls.push(call);
    const found = answer(call, input ?? '');
    if (found instanceof Error) throw found;
    return { code: 0, stdout: '', stderr: '', ...found };
  };
  return { calls, table: createIpvsadmTable({ execute, readProc: async () => null }) };
}
const message = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no fault',
    (fault: Error) => fault.message,
  );

const noModule = {
  code: 2,
  stderr:
    "modprobe: FATAL: Module ip_vs not found in directory /lib/modules/6.1.0\nCan't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n",
};
const notRoot = { code: 2, stderr: "Can't initialize ipvs: Permission denied (you must be root)\n" };
const add = (host: number) =>
  ({ type: 'add-destination', service: tcp(80), destination: destination({ address: `10.0.0.${host}` }) }) as const;

test('the table is read with its thresholds', async () => {
  const { calls, table } = record(call =>
    call === 'ipvsadm -Sn'
      ? { stdout: '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n' }
      : {
          stdout:
            'IP Virtual Server version 1.2.1 (size=4096)\nTCP  10.0.0.1:80 rr\n  -> 10.0.0.2:80   100   50   0   0\n',
        },
  );
  const found = destination({ upperThreshold: 100, lowerThreshold: 50 });
  assert.equal(await table.read(), tableOf(service({}), [found]));
  assert.equal(calls, ['ipvsadm -Sn', 'ipvsadm -Ln --thresholds']);
});

test('an ipvsadm that says nothing at all is no empty table', async () => {
  const { table } = record(() => ({ stdout: '' }));
  assert.match(await message(table.read()), /ipvsadm -Ln --thresholds printed nothing/);
});

test('all commands go to one ipvsadm -R, whose complaints come back', async () => {
  const inputs: string[] = [];
  const { calls, table } = record((_, input) => {
    inputs.push(input);
    return { code: 255, stderr: 'Destination already exists\n' };
  });
  assert.equal(await table.write([add(2), add(3)]), ['Destination already exists']);
  assert.equal(calls, ['ipvsadm -R']);
  assert.equal(inputs, ['-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n-a -t 10.0.0.1:80 -r 10.0.0.3:80 -m -w 1\n']);
});

test('no command, no process', async () => {
  const { calls, table } = record(() => ({}));
  assert.equal(await table.write([]), []);
  assert.equal(calls, []);
});

test('a very long batch is cut into several calls', async () => {
  const { calls, table } = record(() => ({}));
  await table.write(Array.from({ length: 100_001 }, () => add(2)));
  assert.is(calls.length, 3);
});

test('a line that ipvsadm does not understand does not cost the lines after it', async () => {
  const done = new Set<string>();
  const { table } = record((_, input) => {
    // As ipvsadm does: it ends at the bad line.
    for (const line of input.trimEnd().split('\n')) {
      if (line.includes('10.0.0.4:')) return { code: 2, stderr: 'illegal real server address[:port] specified\n' };
      done.add(line);
    }
    return {};
  });
  const complaints = await table.write([2, 3, 4, 5, 6].map(add));
  assert.equal(complaints, ['illegal real server address[:port] specified']);
  assert.is(done.size, 4);
});

test('a process that was killed is a complaint', async () => {
  const { table } = record(() => ({ code: null }));
  assert.equal(await table.write([add(2)]), ['ipvsadm was killed']);
});

test('open tries to load the module once', async () => {
  let loaded = false;
  const { calls, table } = record(call => {
    if (call === 'modprobe ip_vs') loaded = true;
    return loaded ? {} : noModule;
  });
  await table.open();
  assert.equal(calls, ['ipvsadm -Sn', 'modprobe ip_vs', 'ipvsadm -Sn']);
});

test('a kernel without IPVS is said in one sentence', async () => {
  const { calls, table } = record(call =>
    call.startsWith('modprobe') ? new Error('spawn modprobe ENOENT') : noModule,
  );
  const expected =
    'This kernel has no IPVS (module ip_vs is not loaded and cannot be loaded): use --ipvs memory to run without touching a kernel table';
  assert.is(await message(table.open()), expected);
  assert.is(calls.filter(call => call.startsWith('modprobe')).length, 1);
  assert.is(await message(table.write([add(2)])), expected);
});

test('a lack of permission is said in one sentence, and no module is loaded', async () => {
  const { calls, table } = record(() => notRoot);
  assert.is(
    await message(table.open()),
    "No permission to use the kernel's IPVS table: run as root or with CAP_NET_ADMIN, or use --ipvs memory to run without touching a kernel table",
  );
  assert.not(calls.some(call => call.startsWith('modprobe')));
});

test('a missing ipvsadm is said in one sentence', async () => {
  const { table } = record(() => Object.assign(new Error('spawn ipvsadm ENOENT'), { code: 'ENOENT' }));
  assert.is(
    await message(table.open()),
    'ipvsadm is not installed (or not in PATH): install the package ipvsadm, or use --ipvs memory to run without touching a kernel table',
  );
});

test('any other failure says what ipvsadm said', async () => {
  const { table } = record(() => ({ code: 3, stderr: 'Memory allocation problem\n' }));
  assert.match(
    await message(table.flush()),
    /^ipvsadm -C failed \(exit code 3, Memory allocation problem\): use --ipvs/,
  );
});

test('timeouts and flush have their own options', async () => {
  const { calls, table } = record(() => ({}));
  await table.setTimeouts({ tcp: 900, tcpfin: 0, udp: 300 });
  await table.flush();
  assert.equal(calls, ['ipvsadm --set 900 0 300', 'ipvsadm -C']);
});

test.run();
