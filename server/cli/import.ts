import { writeFile } from 'node:fs/promises';
import { readHostText } from '../../host/hostText.ts';
import { renderSnapshot } from '../../host/render.ts';
import { type Output, printable, readText } from './textFile.ts';

/** Turns a listing into a snapshot. Answers the exit code: 0, or 2 when the text lists no device. */
export async function importListing(path: string, options: { output?: string }, output: Output): Promise<number> {
  const text = await readText(path, output);
  if (text === undefined) return 2;
  const inventory = readHostText(text);
  if (inventory.functions.length === 0) {
    output.err(`${path}: no PCI device is listed in it. Give it what lspci -nnk prints, or a listing of IOMMU groups.`);
    return 2;
  }
  const snapshot = renderSnapshot(inventory);
  if (options.output === undefined || options.output === '-') output.out(snapshot);
  else {
    try {
      await writeFile(options.output, snapshot);
    } catch (error) {
      output.err(`${options.output}: cannot be written (${error instanceof Error ? error.message : String(error)})`);
      return 2;
    }
    output.out(`${inventory.functions.length} devices in ${options.output}\n`);
    for (const gap of inventory.gaps) output.out(`not known: ${printable(gap)}\n`);
  }
  return 0;
}
