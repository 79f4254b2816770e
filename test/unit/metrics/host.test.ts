import * as assert from 'uvu/assert';
import { formatNoHost, watchHost } from '../../../src/metrics/host.ts';
import type { Host } from '../../../src/model/host.ts';
import type { HostAddress } from '../../../src/model/ports.ts';
import type { VrrpInstance } from '../../../src/model/vrrp.ts';
import { VirtualClock } from '../../../testing/virtual-clock.ts';
import { suite } from '../../support/suite.ts';
import { readText } from '../config/read-text.ts';

const test = suite('metrics/host');

const own: HostAddress = { interface: 'eth0', address: '192.0.2.2', prefix: 24 };
const virtual: HostAddress = { interface: 'eth0', address: '192.0.2.100', prefix: 32 };

interface Sight {
  runs: boolean;
  addresses: HostAddress[];
  links: string[];
}

function setUp(text = instance('web')) {
  const sight: Sight = { runs: true, addresses: [own], links: ['eth0'] };
  let instances: readonly VrrpInstance[] = readText(text).config.vrrp.instances;
  let looks = 0;
  const host: Host = {
    listAddresses: () => sight.addresses,
    isLinkUp: async name => sight.links.includes(name),
    isKeepalivedRunning: async () => {
      looks++;
      return sight.runs;
    },
  };
  const clock = new VirtualClock();
  const watch = watchHost(() => instances, { clock, host });
  return {
    sight,
    clock,
    watch,
    looks: () => looks,
    reload: (next: string) => {
      instances = readText(next).config.vrrp.instances;
    },
    /** The states with a 1. */
    states: async () => pick(await watch.format(), /_instance_state\{vrrp_instance="(.*)",state="(.*)"\} 1$/gm),
    entered: async () => pick(await watch.format(), /_total\{vrrp_instance="(.*)",to="(.*)"\} ([1-9]\d*)$/gm),
  };
}

function instance(name: string, more = 'virtual_ipaddress {\n192.0.2.100\n192.0.2.101\n}'): string {
  return `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id 51\n${more}\n}\n`;
}

function pick(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(match => match.slice(1).join(' '));
}

test('a look that fails ends nothing, and the next one counts', async () => {
  const { sight, clock, watch, states } = setUp();
  watch.start();
  assert.equal(await states(), ['web backup']);
  const { addresses } = sight;
  Object.defineProperty(sight, 'addresses', {
    configurable: true,
    get: () => {
      throw new Error('uv_interface_addresses returned EMFILE');
    },
  });
  await clock.advance(1_000);
  assert.equal(await states(), ['web backup']);
  assert.not.match(await watch.format(), /^checkalived_keepalived_up \d/m);
  Object.defineProperty(sight, 'addresses', { value: [...addresses, virtual] });
  assert.equal(await states(), ['web master']);
  watch.close();
});

test('who holds the first address is master, and else backup', async () => {
  const { sight, states } = setUp();
  assert.equal(await states(), ['web backup']);
  sight.addresses = [own, { ...virtual, address: '192.0.2.101' }];
  assert.equal(await states(), ['web backup']);
  sight.addresses = [own, virtual];
  assert.equal(await states(), ['web master']);
  // With use_vmac, and with a label.
  for (const device of ['vrrp.51', 'eth0:vip']) {
    sight.addresses = [own, { ...virtual, interface: device }];
    assert.equal(await states(), ['web master'], device);
  }
});

test('an address on the loopback counts only where it was asked for', async () => {
  const { sight, states, reload } = setUp();
  for (const device of ['lo', 'lo:0']) {
    sight.addresses = [own, { ...virtual, interface: device }];
    assert.equal(await states(), ['web backup'], device);
  }
  reload(instance('web', 'virtual_ipaddress {\n192.0.2.100 dev lo\n}'));
  assert.equal(await states(), ['web master']);
});

test('it is a fault when its interface is down or missing, unless that is not tracked', async () => {
  const { sight, states, reload } = setUp();
  sight.addresses = [];
  assert.equal(await states(), ['web backup'], 'up without an address');
  sight.links = [];
  assert.equal(await states(), ['web fault']);
  sight.addresses = [own];
  assert.equal(await states(), ['web backup'], 'an address is only seen where it is up');
  sight.addresses = [];
  reload(instance('web', 'dont_track_primary\nvirtual_ipaddress {\n192.0.2.100\n}'));
  assert.equal(await states(), ['web backup']);
});

test('without keepalived it is stopped, but for an address that was left behind', async () => {
  const { sight, states } = setUp();
  sight.runs = false;
  assert.equal(await states(), ['web stop']);
  sight.addresses = [own, virtual];
  assert.equal(await states(), ['web master']);
});

test('excluded addresses stand in, and an instance without any is not told of', async () => {
  const { sight, states, reload } = setUp(instance('web', 'virtual_ipaddress_excluded {\n192.0.2.100\n}'));
  sight.addresses = [own, virtual];
  assert.equal(await states(), ['web master']);
  reload(instance('web') + instance('bare', ''));
  assert.equal(await states(), ['web master']);
});

test('an IPv6 address is known however it is written', async () => {
  const { sight, states } = setUp(instance('six', 'virtual_ipaddress {\nfe80:0::1\n2001:DB8:0:0::100/64\n}'));
  sight.addresses = [own, { interface: 'eth0', address: 'fe80::1', prefix: 64 }];
  assert.equal(await states(), ['six master']);
});

test('changes are counted by a look each second, between scrapes too', async () => {
  const { sight, clock, watch, entered } = setUp();
  watch.start();
  await clock.advance(1_000);
  assert.equal(await entered(), [], 'the first look is no change');
  sight.addresses = [own, virtual];
  await clock.advance(1_000);
  sight.addresses = [own];
  await clock.advance(3_000);
  sight.runs = false;
  await clock.advance(1_000);
  assert.equal(await entered(), ['web master 1', 'web backup 1', 'web stop 1']);
  watch.close();
  assert.is(clock.pending(), 0);
});

test('without instances nobody looks until a scrape asks for keepalived', async () => {
  const { clock, watch, looks, sight } = setUp('');
  watch.start();
  await clock.advance(10_000);
  assert.is(looks(), 0);
  assert.match(await watch.format(), '\ncheckalived_keepalived_up 1\n');
  sight.runs = false;
  assert.match(await watch.format(), '\ncheckalived_keepalived_up 0\n');
  watch.close();
});

test('scrapes at the same time share a look', async () => {
  const { watch, looks } = setUp();
  const [one, two] = await Promise.all([watch.format(), watch.format()]);
  assert.is(looks(), 1);
  assert.is(one, two);
});

test('a reload takes the series of an instance out, and it begins anew when it comes back', async () => {
  const { sight, reload, states, entered } = setUp(instance('a') + instance('b'));
  assert.equal(await states(), ['a backup', 'b backup']);
  sight.addresses = [own, virtual];
  assert.equal(await states(), ['a master', 'b master']);
  reload(instance('b'));
  assert.equal(await states(), ['b master']);
  reload(instance('a') + instance('b'));
  assert.equal(await entered(), ['b master 1']);
});

test('every state has its series, 0 or 1, and every change its counter', async () => {
  const { watch } = setUp();
  const text = await watch.format();
  for (const state of ['master', 'backup', 'fault', 'stop']) {
    assert.match(
      text,
      `checkalived_vrrp_instance_state{vrrp_instance="web",state="${state}"} ${Number(state === 'backup')}\n`,
    );
    assert.match(text, `checkalived_vrrp_instance_transitions_total{vrrp_instance="web",to="${state}"} 0\n`);
  }
});

test('where nobody looks there are no series', async () => {
  assert.equal(pick(await formatNoHost(), /^(checkalived_.*)/gm), []);
});

test.run();
