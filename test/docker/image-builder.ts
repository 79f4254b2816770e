import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** buildah with a storage of its own; it needs root, and neither a daemon nor a registry. */
export class ImageBuilder {
  readonly #directory = mkdtempSync(join(tmpdir(), 'checkalived-images-'));

  /** The words of a call. */
  command(...words: readonly string[]): [string, ...string[]] {
    const places = ['--root', join(this.#directory, 'storage'), '--runroot', join(this.#directory, 'run')];
    return ['buildah', ...places, '--storage-driver', 'vfs', ...words];
  }

  buildah(...words: readonly string[]): string {
    const [program, ...rest] = this.command(...words);
    return execFileSync(program, rest, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 26,
    });
  }

  /**
   * An image with this machine's Node.js, npm and its settings, certificates and Debian's mirror: what
   * `node:24-bookworm-slim` is elsewhere.
   */
  makeNodeImage(name: string): void {
    const root = join(this.#directory, 'node');
    mkdirSync(root);
    chmodSync(root, 0o755);
    execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', root], {
      stdio: 'ignore',
    });
    const node = dirname(process.execPath);
    const paths = [process.execPath, join(node, '../lib/node_modules/npm'), join(node, '../include/node')];
    paths.push('/etc/npmrc', ...variables().map(([, path]) => path));
    for (const path of paths) {
      if (existsSync(path)) cpSync(path, join(root, path), { recursive: true, dereference: true, force: true });
    }
    const settings = join(homedir(), '.npmrc');
    if (existsSync(settings)) cpSync(settings, join(root, 'root/.npmrc'));
    execFileSync('ln', ['-sf', '../lib/node_modules/npm/bin/npm-cli.js', join(root, node, 'npm')]);
    const container = this.buildah('from', 'scratch').trim();
    for (const [key, path] of variables()) this.buildah('config', '--env', `${key}=${path}`, container);
    this.buildah('copy', '-q', container, root, '/');
    this.buildah('commit', '-q', '--rm', container, name);
    rmSync(root, { recursive: true });
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Where programs of this machine are told to look for certificates. */
function variables(): [string, string][] {
  const names = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];
  return names.flatMap(name => {
    const path = process.env[name];
    return path === undefined ? [] : [[name, path] as [string, string]];
  });
}
