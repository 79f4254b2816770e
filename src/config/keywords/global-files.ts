import type { Params } from '../../model/params.ts';
import { custom, oneWord } from './read-words.ts';
import { bool, flag, int, keepalivedRow, maxUnsigned, row, word } from './rows.ts';

const includeLevels: readonly string[] = ['read', 'match', 'wildcard_match', 'brace_match'];

/** What it does comes with the lines, before there are keywords; here its words are judged (keepalived lib/parser.c:include_check_set). */
const includeCheck = custom('[LEVEL] [+LEVEL ...] [-LEVEL ...]', (words, tell) => {
  const advice = `Write ${includeLevels.join(', ')}; a + adds to what is demanded, a - takes away.`;
  for (const [index, given] of words.entries()) {
    const level = given.text.replace(/^[+-]/, '');
    if (index > 0 && level === given.text)
      tell('bad-value', given, `Only the first level stands without a sign; ${level} is ignored.`, advice);
    else if (level === 'readable')
      tell('bad-value', given, 'keepalived knows this level as read; its manual calls it readable.', 'Write read.');
    else if (!includeLevels.includes(level)) tell('bad-value', given, `include_check knows no ${level}.`, advice);
  }
  return words.map(given => given.text);
});

const timeFile = custom('PATH', ([path, surplus], tell) => {
  const advice = 'Write reload_time_file and one absolute path.';
  if (path === undefined) return tell('missing-argument', undefined, 'reload_time_file lacks its path.', advice);
  if (surplus !== undefined) return tell('bad-value', surplus, 'reload_time_file takes one path.', advice);
  return path.text;
});

const jsonVersion = int(1, 2);
const dumpFile = oneWord('PATH', () => null, 'Write a path; with a / at its end it is a directory.');

/** global_defs: the configuration's own files, reloading, and files that keepalived writes. */
export const fileRows: Params = [
  row('include_check', includeCheck, 'What every include demands of its files, from here to the end of this file.', {
    default: 'nothing; everything without a level',
    since: '2.2.0',
  }),
  keepalivedRow('random_seed', int(0, maxUnsigned), 'Makes the random numbers of keepalived repeatable.', {
    default: 'the time',
    since: '2.0.15',
  }),
  keepalivedRow(
    'reload_check_config',
    { kind: 'word', bare: '/dev/null' },
    'Reload only what -t finds no fault with.',
    {
      default: 'off',
      since: '2.2.0',
    },
  ),
  keepalivedRow('reload_time_file', timeFile, 'File with the time of the next reload.', { since: '2.1.0' }),
  keepalivedRow('reload_repeat', flag, 'Look for that file again after the reload.', { since: '2.1.0' }),
  keepalivedRow(
    'reload_file',
    { kind: 'word', bare: 'keepalived.reload' },
    'File that is there while a reload reads.',
    {
      default: 'off',
      since: '2.2.0',
    },
  ),
  keepalivedRow('tmp_config_directory', word, 'Directory for the copy of the configuration.', {
    repeat: 'first',
    since: '2.2.0',
  }),
  keepalivedRow('config_save_dir', word, 'Directory that keeps every configuration that was read.', { since: '2.2.3' }),
  keepalivedRow('data_use_instance', bool, 'Put instance and namespace into the names of dumps.', {
    default: 'off',
    since: '2.2.3',
  }),
  keepalivedRow('json_version', jsonVersion, 'Form of the JSON dump.', { default: '1', since: '2.2.8' }),
  keepalivedRow('state_dump_file', dumpFile, 'Where the dump of the state goes.', { since: '2.3.3' }),
  keepalivedRow('stats_dump_file', dumpFile, 'Where the dump of the statistics goes.', { since: '2.3.3' }),
  keepalivedRow('json_dump_file', dumpFile, 'Where the JSON dump goes.', { since: '2.3.3' }),
  keepalivedRow('iproute_usr_dir', word, 'Directory of the names of iproute2 that the system came with.', {
    since: '2.3.2',
  }),
  keepalivedRow('iproute_etc_dir', word, 'Directory of the names of iproute2 of this host.', { since: '2.3.2' }),
  keepalivedRow('plugin_dir', word, 'Directory of plug-ins, gone since 1.2.20.', { deprecated: '' }),
];
