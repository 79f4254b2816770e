import type { CommandOutcome, CommandRequest, CommandRunner } from '../../../src/model/ports.ts';

/** A runner whose commands end when told; one that is aborted ends as such. */
export class FakeCommands implements CommandRunner {
  readonly requests: CommandRequest[] = [];
  readonly #ends = new Map<string, (outcome: CommandOutcome) => void>();

  /** Names of what runs, in the order of their start; the name is the last argument. */
  running(): readonly string[] {
    return [...this.#ends.keys()];
  }

  run(request: CommandRequest, signal: AbortSignal): Promise<CommandOutcome> {
    this.requests.push(request);
    const name = request.argv.at(-1) ?? '';
    return new Promise(resolve => {
      this.#ends.set(name, resolve);
      signal.addEventListener('abort', () => this.#end(name, { kind: 'aborted' }), { once: true });
    });
  }

  /** Ends a command and lets all that follows from it happen. */
  async end(name: string, outcome: CommandOutcome = { kind: 'exited', code: 0, output: '' }): Promise<void> {
    this.#end(name, outcome);
    await new Promise(resolve => setImmediate(resolve));
  }

  #end(name: string, outcome: CommandOutcome): void {
    const end = this.#ends.get(name);
    this.#ends.delete(name);
    end?.(outcome);
  }
}
