import { pageHead } from './markdown.ts';
import { describeCommands, flattenCommands } from './program.ts';

/** docs/reference/command-line.md: the help texts as the program prints them, exit codes included. */
export function writeCommandLine(): string {
  const sections = flattenCommands(describeCommands()).map(
    ({ path, text }) => `## ${path}\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  );
  return [pageHead('Command line', 'the program itself (src/cli/help.ts, src/cli/program.ts)'), ...sections].join('\n');
}
