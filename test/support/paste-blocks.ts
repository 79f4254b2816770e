/**
 * A configuration with the blocks of `checkalived config trackfile` in it, pasted as its comments say. Of the file
 * itself only; checkers that are to be hidden must be so already.
 */
export function pasteBlocks(text: string, file: string, blocks: string): string {
  const lines = text.split('\n');
  const root = new RegExp(`^# At the root of the file, before the first virtual_server \\(${file}:(\\d+)\\):$`);
  const inside = new RegExp(`^# Into real_server .*, behind ${file}:(\\d+):$`);
  const pasted = new Map<number, string[]>();
  let place: string[] = [];
  for (const line of blocks.split('\n')) {
    const before = root.exec(line);
    const behind = inside.exec(line);
    if (before || behind) {
      place = [];
      pasted.set(before ? Number(before[1]) - 1 : Number(behind?.[1]), place);
    } else if (line.startsWith('@^checkalived ')) place.push(line);
  }
  return [...(pasted.get(0) ?? []), ...lines.flatMap((line, index) => [line, ...(pasted.get(index + 1) ?? [])])].join(
    '\n',
  );
}
