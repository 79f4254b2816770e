import type { SslSettings } from '../../model/check.ts';
import type { Params, Values } from '../../model/params.ts';
import type { Secret } from '../../model/secret.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ConfigTree } from '../text/node.ts';
import { readValues } from '../values/values.ts';

/** The root block SSL; of several the last one counts (keepalived check/check_parser.c:ssl_handler). */
export function buildSsl(blocks: ConfigTree, root: Params, diagnostics: Diagnostics): SslSettings {
  const [first] = blocks;
  if (first === undefined) return { identity: null, ca: null };
  const read = readValues({ keyword: first.keyword, nodes: blocks }, root, diagnostics, () => false);
  const values = read.get<Values>('SSL');
  const certificate = values?.get<string>('certificate');
  const key = values?.get<string>('key');
  const password = values?.get<Secret>('password');
  if (values !== undefined && (certificate === undefined) !== (key === undefined)) {
    const [there, missing] = key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    const message = `SSL has a ${there} and no ${missing}: no certificate is shown to servers that ask for one.`;
    const judgement = { severity: 'warning', keepalived: false } as const;
    diagnostics.report(
      'missing-keyword',
      values.span,
      message,
      `Write ${missing} FILE, or remove ${there}.`,
      judgement,
    );
  }
  const complete = certificate !== undefined && key !== undefined;
  return {
    identity: complete ? { certificate, key, ...(password !== undefined && { password }) } : null,
    ca: values?.get<string>('ca') ?? null,
  };
}
