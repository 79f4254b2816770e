// npm run deb: makes dist-deb/checkalived_VERSION_ARCH.deb of the built program, the packages that it needs and the node
// that runs this script, for the one of Debian 12 is too old. Compiled parts are those of this machine: build on the oldest
// Debian that is to have it.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { findRuntimePackages } from './deb/runtime-packages.ts';

const root = resolve(import.meta.dirname, '..');
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  description: string;
  files: string[];
};
const library = 'usr/lib/checkalived';
const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();

const stage = mkdtempSync(join(tmpdir(), 'checkalived-deb-'));
try {
  chmodSync(stage, 0o755);
  const tree = join(stage, 'checkalived');
  putProgram(tree);
  putCommands(tree);
  putDocs(tree);
  putControl(tree);
  // As for everybody, whatever the umask here.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
  const output = join(root, 'dist-deb');
  mkdirSync(output, { recursive: true });
  const file = join(output, `checkalived_${own.version}_${architecture}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, file], { stdio: 'inherit' });
  console.log(`${file}: ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`);
} finally {
  rmSync(stage, { recursive: true });
}

/** The program as npm would install it, and its node. */
function putProgram(tree: string): void {
  const home = join(tree, library);
  mkdirSync(home, { recursive: true });
  for (const name of ['package.json', 'bin', ...listCopied()])
    cpSync(join(root, name), join(home, name), { recursive: true, filter: path => !path.endsWith('.map') });
  for (const { path, files } of findRuntimePackages(root)) {
    for (const file of files) {
      const target = join(home, path, file);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(root, path, file), target, { recursive: true, dereference: true });
    }
  }
  cpSync(process.execPath, join(home, 'node'), { dereference: true });
  chmodSync(join(home, 'node'), 0o755);
}

/** The built program, and what `checkalived dashboards` and `checkalived rules` copy, as package.json names them. */
function listCopied(): readonly string[] {
  return own.files
    .filter(name => /^(dist|dashboards|alerts)\//.test(name))
    .flatMap(name => {
      if (!name.endsWith('/*.yml')) return [name];
      const folder = dirname(name);
      return readdirSync(join(root, folder))
        .filter(file => file.endsWith('.yml'))
        .map(file => join(folder, file));
    });
}

/**
 * Commands start that node with the options that bin/checkalived has. keepalived has a genhash already, so
 * ours has another name here.
 */
function putCommands(tree: string): void {
  const bin = join(tree, 'usr/bin');
  mkdirSync(bin, { recursive: true });
  for (const [command, file] of [
    ['checkalived', 'checkalived'],
    ['checkalived-genhash', 'genhash'],
  ]) {
    const path = join(bin, command as string);
    writeFileSync(path, `#!/bin/sh\nexec ${nodeCommand(file as string)} /${library}/bin/${file} "$@"\n`);
    chmodSync(path, 0o755);
  }
  const unit = join(tree, 'lib/systemd/system/checkalived.service');
  mkdirSync(dirname(unit), { recursive: true });
  cpSync(join(root, 'packaging/checkalived.service'), unit);
  for (const [shell, path] of [
    ['bash', 'usr/share/bash-completion/completions/checkalived'],
    ['zsh', 'usr/share/zsh/vendor-completions/_checkalived'],
    ['fish', 'usr/share/fish/vendor_completions.d/checkalived.fish'],
  ]) {
    const script = execFileSync(process.execPath, [join(root, 'bin/checkalived'), 'completion', shell as string]);
    mkdirSync(dirname(join(tree, path as string)), { recursive: true });
    writeFileSync(join(tree, path as string), script);
  }
}

/** What starts node in the file, by a shell (`exec env A=B node --option "$0" "$@"`) or by the first line, with the node of the package. */
function nodeCommand(file: string): string {
  const [first = '', second = ''] = readFileSync(join(root, 'bin', file), 'utf8').split('\n');
  const words = (/exec (.*) "\$0" "\$@"$/.exec(second)?.[1] ?? first.replace('#!/usr/bin/', '')).split(' ');
  const at = words.indexOf('node');
  if (at < 0) throw new Error(`bin/${file} does not say how node is started`);
  words[at] = `/${library}/node`;
  return words.join(' ');
}

function putDocs(tree: string): void {
  const docs = join(tree, 'usr/share/doc/checkalived');
  mkdirSync(docs, { recursive: true });
  for (const name of ['README.md', 'docs', 'examples']) cpSync(join(root, name), join(docs, name), { recursive: true });
  rmSync(join(docs, 'docs/man'), { recursive: true });
  writeFileSync(join(docs, 'changelog.gz'), gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }));
  writeFileSync(join(docs, 'copyright'), describeLicences());
  for (const page of readdirSync(join(root, 'docs/man'))) {
    const section = page.slice(page.lastIndexOf('.') + 1);
    const name = page === 'genhash.1' ? 'checkalived-genhash.1' : page;
    const path = join(tree, `usr/share/man/man${section}/${name}.gz`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(readFileSync(join(root, 'docs/man', page)), { level: 9 }));
  }
}

/** Our licence, and of each package what its package.json says; their texts are beside their files. */
function describeLicences(): string {
  const packages = findRuntimePackages(root).map(({ name, version, licence }) => ` ${name} ${version}: ${licence}`);
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    '',
    'Files: *',
    'Copyright: the authors of checkalived',
    'License: MIT',
    ...readFileSync(join(root, 'LICENSE'), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => ` ${line || '.'}`),
    '',
    `Files: ${library}/node ${library}/node_modules/*`,
    'Copyright: their authors',
    `License: see each package's own file; Node.js ${process.version} is under MIT and the licences that it lists`,
    ...packages,
    '',
  ].join('\n');
}

function putControl(tree: string): void {
  const control = join(tree, 'DEBIAN');
  const size = Number(execFileSync('du', ['-sk', tree], { encoding: 'utf8' }).split('\t')[0]);
  mkdirSync(control);
  for (const name of ['postinst', 'prerm', 'postrm']) {
    cpSync(join(root, 'packaging/deb', name), join(control, name));
    chmodSync(join(control, name), 0o755);
  }
  writeFileSync(
    join(control, 'control'),
    `Package: checkalived
Version: ${own.version}
Architecture: ${architecture}
Maintainer: the authors of checkalived <checkalived@localhost>
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libstdc++6, libgcc-s1, kmod, procps
Recommends: ipvsadm
Suggests: keepalived, prometheus, sqlite3
Section: net
Priority: optional
Description: ${own.description}
 It reads the keepalived.conf that is there, checks real servers, steers weights
 in IPVS, runs notify scripts, sends mail, keeps history in SQLite and tells
 Prometheus. It brings its own Node.js, for the one of Debian 12 is too old.
`,
  );
}
