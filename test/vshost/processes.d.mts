import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** What tests in TypeScript use of processes.mjs, which has the documentation. */
export function start(
  command: string,
  args: readonly string[],
  options?: SpawnOptions & { patience?: number },
): ChildProcess;
export function stop(child: ChildProcess, patience?: number): Promise<void>;
export function beforeEnd(action: () => unknown): () => void;
export function temporaryFolder(name: string): string;
export function removeFolder(folder: string): void;
