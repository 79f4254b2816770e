/** Blocks that stand nowhere but at the root: where one begins, everything before must have ended. */
const strongRootBlocks: ReadonlySet<string> = new Set([
  'global_defs',
  'virtual_server',
  'virtual_server_group',
  'vrrp_instance',
  'vrrp_script',
  'vrrp_sync_group',
  'bfd_instance',
  'checkalived',
]);

export function isStrongRootBlock(keyword: string | undefined): boolean {
  return keyword !== undefined && strongRootBlocks.has(keyword);
}
