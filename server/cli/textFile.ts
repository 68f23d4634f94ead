import { readFile } from 'node:fs/promises';

/** What a command prints on: results and complaints. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** The text of a file, or of standard input for `-`; `undefined` where it cannot be read, after saying why. */
export async function readText(path: string, output: Output): Promise<string | undefined> {
  try {
    return path === '-' ? await readInput() : await readFile(path, 'utf8');
  } catch (error) {
    output.err(
      `${path}: cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`,
    );
    return undefined;
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Control characters of a file or a host must not reach a terminal as such. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u{fffd}');
