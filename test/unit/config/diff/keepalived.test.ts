import * as assert from 'uvu/assert';
import { diffTrees } from '../../../../src/config/diff/diff.ts';
import { suite } from '../../../support/suite.ts';
import { readTextTree, realServer } from '../read-text.ts';

const test = suite('config/diff/keepalived');

function diff(before: string, after: string): readonly string[] {
  const changes = diffTrees(readTextTree(before).tree, readTextTree(after).tree);
  for (const { from, to, takesEffect } of changes) assert.equal([from, to, takesEffect], [null, null, 'never']);
  return changes.map(({ change, what }) => `${change} ${what}`);
}

test('what keepalived alone acts on comes, goes and changes, in every block', () => {
  const servers = (name: string): string => realServer(`snmp_name r${name}`, `snmp_name v${name}`);
  assert.equal(
    diff(
      `net_namespace one\nglobal_defs {\nvrrp_version 2\nenable_dbus\n}\n${servers('one')}`,
      `net_namespace two\nglobal_defs {\nvrrp_version 3\nprocess_names\n}\n${servers('two')}`,
    ),
    [
      'changed net_namespace',
      'changed global_defs vrrp_version',
      'added global_defs process_names',
      'changed virtual_server 10.0.0.1 80 snmp_name',
      'changed virtual_server 10.0.0.1 80 real_server 10.0.0.2 80 snmp_name',
      'removed global_defs enable_dbus',
    ],
  );
});

test('another form of the same, and what is in the model, is no difference', () => {
  const before = 'global_defs {\nvrrp_version 2\n}\nvrrp_script s {\nscript /bin/true\n}\n';
  const after = `# a comment
global_defs {
}
vrrp_script t {
script /bin/false
}
track_file f {
file /x
}
global_defs {
  vrrp_version  "2"
}
checkalived {
ipvs manage
}
global_defs {
router_id x
}`;
  assert.equal(diff(before, after), []);
});

test.run();
