import { lineAt, type ModprobeLine, type ModprobeTree, newestKmod, type ReadLine, readBy } from './tree.ts';

/** A question about a line alone. It is asked once a line, and not again at every keystroke. */
export type LineQuestion = (line: ReadLine) => boolean;

/** Modules by their canonical names. */
export interface Modules {
  has(module: string): boolean;
}

const everyModule: Modules = { has: () => true };

/** The lines for which a question is answered with yes, at their places. */
export const linesWith = (tree: ModprobeTree, question: LineQuestion): readonly ModprobeLine[] =>
  tree.picks.of(question).map(index => lineAt(tree, index));

/** The same as a version of kmod reads them; of some modules only, where these are given. */
export function* linesRead(
  tree: ModprobeTree,
  kmod: number,
  question: LineQuestion,
  modules = everyModule,
): Generator<ModprobeLine> {
  for (const index of placesOf(tree, question, kmod)) {
    const { line, module } = tree.nodes[index] as ReadLine;
    if (!line.dangling && !modules.has(module)) continue;
    const node = readBy(lineAt(tree, index), kmod);
    if (kmod >= newestKmod || (question(node) && modules.has(node.module))) yield node;
  }
}

/** False where no version of kmod reads such a line. Costs next to nothing. */
export const mayHave = ({ picks }: ModprobeTree, question: LineQuestion): boolean =>
  picks.of(question).length > 0 || picks.of(dependsOnVersion).length > 0;

/** The lines of the file, as they are written, of which such lines consist. */
export function* writtenLines(tree: ModprobeTree, question: LineQuestion): Generator<string> {
  for (const index of tree.picks.of(question)) {
    const from = tree.starts[index] as number;
    for (let line = from; line < (tree.starts[index + 1] ?? tree.lines.length); line++)
      yield tree.lines[line] as string;
  }
}

/** Lines that the newest kmod reads otherwise than this one have to be asked again. */
function placesOf({ picks }: ModprobeTree, question: LineQuestion, kmod: number): readonly number[] {
  const places = picks.of(question);
  const doubtful = kmod < newestKmod ? picks.of(dependsOnVersion) : [];
  return doubtful.length === 0 ? places : [...new Set([...places, ...doubtful])].sort((a, b) => a - b);
}

const dependsOnVersion = ({ kind, line }: ReadLine): boolean => line.dangling || kind === 'weakdep';
