import { existsSync, statSync } from 'node:fs';

/** Whether a command was not started for want of something of ours: it says nothing of the command. */
export function isOwnFault(code: string): boolean {
  return ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(code);
}

/** Why a command could not be started, from the error code of execve. */
export function explainFault(file: string, code: string): string {
  switch (code) {
    case 'ENOENT':
      return existsSync(file) ? `${file}: its interpreter is missing` : `${file}: no such file`;
    case 'EACCES':
      return isDirectory(file) ? `${file}: is a directory` : `${file}: not executable`;
    case 'EPERM':
      return `${file}: not permitted`;
    case 'ENOEXEC':
      return `${file}: not a program`;
    default:
      return `${file}: ${code}`;
  }
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
