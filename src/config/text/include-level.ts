/** What an include demands of its files; a demand that is not met is an error of keepalived. */
export type Demand = 'read' | 'match' | 'wildcard_match' | 'brace_match';
export type Demands = ReadonlySet<Demand>;

const all: readonly Demand[] = ['read', 'match', 'wildcard_match', 'brace_match'];
const byLetter: Readonly<Record<string, readonly Demand[]>> = {
  r: ['read'],
  m: ['read', 'match'],
  w: ['read', 'match', 'wildcard_match'],
  b: ['read', 'brace_match'],
  a: all,
};

/** What is demanded of an include: by include_check so far, and by the letter behind `include`, if there is one. */
export function demandsOf(letter: string, soFar: Demands): Demands {
  return new Set([...soFar, ...(byLetter[letter] ?? [])]);
}

/** What is demanded behind a line of include_check (keepalived lib/parser.c:include_check_set). */
export function applyIncludeCheck(words: readonly string[], soFar: Demands): Demands {
  if (words.length === 0) return new Set(all);
  const demands = new Set(soFar);
  for (const [index, word] of words.entries()) {
    const signed = word.startsWith('+') || word.startsWith('-');
    const demand = all.find(each => each === (signed ? word.slice(1) : word));
    if (!signed && index > 0) continue;
    if (!signed) demands.clear();
    if (demand === undefined) continue;
    if (word.startsWith('-')) demands.delete(demand);
    else demands.add(demand);
    if (!signed) demands.add('read');
  }
  return demands;
}
