import * as assert from 'uvu/assert';
import { printConfig } from '../../../../src/config/print/print.ts';
import { suite } from '../../../support/suite.ts';
import { readTextTree, realServer } from '../read-text.ts';

const test = suite('config/print/print');
const print = (text: string, files: Readonly<Record<string, string>> = {}): string =>
  printConfig(readTextTree(text, { files }).tree).text;

test('every keyword has a line of its own, indented by its blocks', () => {
  assert.is(
    print('virtual_server 10.0.0.1 80 { protocol TCP\n\n  real_server 10.0.0.2 80 { weight 3 } }'),
    `virtual_server 10.0.0.1 80 {
    protocol TCP
    real_server 10.0.0.2 80 {
        weight 3
    }
}
`,
  );
});

test('comments, variables, conditions, sequences and includes are resolved', () => {
  const text = `# a comment
$PORT=80
global_defs {
    include mail
    @lb1 router_id one ! a comment
    @lb2 router_id two
}
~SEQ(N, 2, 3) virtual_server 10.0.0.$N $PORT { }
`;
  assert.is(
    print(text, { mail: 'smtp_server 127.0.0.1' }),
    `global_defs {
    smtp_server 127.0.0.1
    router_id one
}

virtual_server 10.0.0.2 80 {
}

virtual_server 10.0.0.3 80 {
}
`,
  );
});

test('the lines of a list stay lines, in their order', () => {
  assert.is(
    print(
      'virtual_server_group web {\n10.0.0.1 80\n10.0.0.2-5 80 } global_defs { notification_email { a@b.c d@e.f } }',
    ),
    `virtual_server_group web {
    10.0.0.1 80
    10.0.0.2-5 80
}

global_defs {
    notification_email {
        a@b.c d@e.f
    }
}
`,
  );
});

test('a word is quoted where it must be, and nowhere else', () => {
  for (const [given, printed] of [
    ['"plain"', 'plain'],
    ['"two words"', '"two words"'],
    ['""', '""'],
    ['a\\#b', '"a#b"'],
    ['"{x}"', '"{x}"'],
    ["it's", "it's"],
    ['C:\\x', 'C:\\x'],
    ['a\\#b\\ x', 'a\\#b\\ x'],
    ['"$_HASH" x', '"$_HASH" x'],
    ['"$_HASH"x', '"$_HASH"x'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: keepalived's variables look so.
    ['${NAME}', '"${NAME}"'],
  ] as const) {
    assert.is(print(`global_defs { router_id ${given} }`), `global_defs {\n    router_id ${printed}\n}\n`, given);
  }
});

test('a command keeps what its own words are cut by', () => {
  for (const [given, printed] of [
    ['"/bin/x"', '/bin/x'],
    ['"/bin/x -a b" user', '"/bin/x -a b" user'],
    ["'/bin/x -a b'", "'/bin/x -a b'"],
    ['"/bin/sh -c \\"echo hi\\""', '"/bin/sh -c \\"echo hi\\""'],
    ['"/bin/x a"b', '"/bin/x a"b'],
  ] as const) {
    assert.is(
      print(`virtual_server 10.0.0.1 80 {\nquorum_up ${given}\n}`),
      `virtual_server 10.0.0.1 80 {\n    quorum_up ${printed}\n}\n`,
    );
  }
});

test('a backslash at the end of a line has a blank behind it, so that it continues nothing', () => {
  assert.is(print('global_defs { router_id a\\ }'), 'global_defs {\n    router_id a\\ \n}\n');
});

test('an entry that looks like a condition, a definition, a sequence or an include is quoted', () => {
  for (const [given, printed] of [
    ['"@a"', '"@a"'],
    ['"$A=1"', '"$A=1"'],
    ['"~SEQ(A,2)" x', '"~SEQ(A,2)" x'],
    ['"include" x', '"include" x'],
  ] as const) {
    assert.is(
      print(`global_defs { notification_email { ${given} } }`),
      `global_defs {\n    notification_email {\n        ${printed}\n    }\n}\n`,
    );
  }
});

test('what keepalived does not know is hidden from it, blocks with their braces', () => {
  assert.is(
    print('checkalived {\n ipvs manage\n}\nvirtual_server 10.0.0.1 80 {\nrise 3\nquorum 1\n}'),
    `@checkalived checkalived {
@checkalived     ipvs manage
@checkalived }

virtual_server 10.0.0.1 80 {
@checkalived     rise 3
    quorum 1
}
`,
  );
});

test('what was hidden from keepalived stays hidden from it', () => {
  assert.is(
    print(`virtual_server 10.0.0.1 80 {
@checkalived quorum_up /bin/up
real_server 10.0.0.2 80 {
@checkalived TCP_CHECK {
@checkalived connect_timeout 2
@checkalived }
} }
global_defs { notification_email {
ops@example.org
@checkalived dev@example.org
} }`),
    `virtual_server 10.0.0.1 80 {
@checkalived     quorum_up /bin/up
    real_server 10.0.0.2 80 {
@checkalived         TCP_CHECK {
@checkalived             connect_timeout 2
@checkalived         }
    }
}

global_defs {
    notification_email {
        ops@example.org
@checkalived         dev@example.org
    }
}
`,
  );
});

test('what stands in a file that was hidden from keepalived stays hidden, and nothing behind it', () => {
  const files = {
    'own.conf': '@lb1 global_defs {\n@lb1 router_id x\n@lb1 }\ninclude more.conf\nstatic_ipaddress {\n10.0.0.7/24\n}\n',
    'more.conf': 'global_defs {\nrouter_id y\n}\n',
  };
  const hidden = print('@checkalived include own.conf\n', files)
    .split('\n')
    .filter(line => line !== '');
  assert.is(hidden.length, 9);
  assert.ok(
    hidden.every(line => line.startsWith('@checkalived ')),
    hidden.join('\n'),
  );
  const seen = print('@lb1 include more.conf\nglobal_defs {\nrouter_id z\n}\n', files);
  assert.not.match(seen, '@checkalived');
  assert.match(
    print('@checkalived include more.conf\nglobal_defs {\nrouter_id z\n}\n', files),
    /\nglobal_defs \{\n {4}router_id z\n/,
  );
});

test('a block that is read over is printed all the same', () => {
  assert.is(
    print('garp_group { garp_interval 1\ninterfaces { eth0\neth1 } }'),
    `garp_group {
    garp_interval 1
    interfaces {
        eth0
        eth1
    }
}
`,
  );
});

test('missing braces are there', () => {
  assert.is(print('garp_group {\ninterfaces { eth0'), 'garp_group {\n    interfaces {\n        eth0\n    }\n}\n');
  assert.is(print('virtual_server 10.0.0.1 80\nquorum 2'), 'virtual_server 10.0.0.1 80 {\n    quorum 2\n}\n');
  assert.is(
    print('global_defs {\nnotification_email a@b.c\n}'),
    'global_defs {\n    notification_email {\n        a@b.c\n    }\n}\n',
  );
});

test('secrets are printed: the text is to be used', () => {
  assert.match(print('checkalived {\nsmtp_password "s3 cret"\n}'), 'smtp_password "s3 cret"');
});

test('words that no text is read as are left out, and told', () => {
  const printed = printConfig(readTextTree('global_defs {\nrouter_id "a b\\" } "').tree);
  assert.is(printed.text, 'global_defs {\n}\n');
  assert.equal(
    printed.unwritable.map(({ line, column }) => [line, column]),
    [[2, 1]],
  );
});

test('words before a list that takes none are gone, its name stays', () => {
  assert.is(
    print('global_defs { notification_email x {\na@b.c\n} }\nvirtual_server_group web {\n10.0.0.1 80\n}'),
    `global_defs {
    notification_email {
        a@b.c
    }
}

virtual_server_group web {
    10.0.0.1 80
}
`,
  );
});

test('nothing is printed of nothing', () => {
  assert.equal(printConfig([]), { text: '', unwritable: [] });
});
test('a command line that cannot be read is left out, not made into one that can', () => {
  const text = realServer('MISC_CHECK {\nmisc_path "( "x\\" "{x}"\n}');
  const { text: printed, unwritable } = printConfig(readTextTree(text).tree);
  assert.not.match(printed, 'misc_path');
  assert.equal(unwritable.length, 1);
});

test.run();
