import { isLiteral, type Parameter, parseCommandLine } from '../../syntax/commandLine.ts';
import type { Assignment } from '../../syntax/shellAssignment.ts';
import type { SourceFile } from '../language.ts';
import { commonVariable, defaultVariable, type GrubTree } from './tree.ts';

/** A kernel parameter with the file that gives it. */
export interface GivenParameter {
  readonly parameter: Parameter;
  readonly uri: string;
}

/** The value of a variable after all files were sourced. */
export interface VariableValue {
  readonly parameters: readonly GivenParameter[];
  /** False where a part is known only at run time: an unknown variable, a command, an assignment inside `if`. */
  readonly certain: boolean;
}

const nothing: VariableValue = { parameters: [], certain: true };

/** /etc/default/grub first, then the files of grub.d by name: the order in which grub-mkconfig sources them. */
export const inSourcingOrder = (files: readonly SourceFile<GrubTree>[]): readonly SourceFile<GrubTree>[] =>
  [...files].sort(
    (a, b) => rank(a) - rank(b) || (a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : 0),
  );

/** What normal menu entries give the kernel: GRUB_CMDLINE_LINUX, then GRUB_CMDLINE_LINUX_DEFAULT. */
export function grubCommandLine(files: readonly SourceFile<GrubTree>[]): VariableValue {
  const variables = evaluate(files);
  const parts = [variables.get(commonVariable) ?? nothing, variables.get(defaultVariable) ?? nothing];
  return {
    parameters: parts.flatMap(part => part.parameters),
    certain: parts.every(part => part.certain) && !files.some(isBroken),
  };
}

/** Runs all assignments in order; the last one wins, `$X` is what X held until then. */
function evaluate(files: readonly SourceFile<GrubTree>[]): ReadonlyMap<string, VariableValue> {
  const variables = new Map<string, VariableValue>();
  for (const file of inSourcingOrder(files)) {
    for (const assignment of file.tree.script.assignments) {
      const name = assignment.name.text;
      if (assignment.holds === false) continue;
      if (assignment.holds === 'maybe') variables.set(name, { ...(variables.get(name) ?? nothing), certain: false });
      else variables.set(name, assignedValue(assignment, file.uri, variables));
    }
  }
  return variables;
}

function assignedValue(
  assignment: Assignment,
  uri: string,
  variables: ReadonlyMap<string, VariableValue>,
): VariableValue {
  const line = parseCommandLine(assignment.value);
  let certain = !assignment.value.text.includes('\n');
  const parameters = line.parameters.flatMap(parameter => {
    if (isLiteral(parameter)) return [{ parameter, uri }];
    const held = wholeVariable(parameter, variables);
    if (!held?.certain) certain = false;
    return held?.parameters ?? [];
  });
  return { parameters, certain };
}

/** What a word that is nothing but `$X` stands for. */
function wholeVariable(parameter: Parameter, variables: ReadonlyMap<string, VariableValue>): VariableValue | undefined {
  const [expansion] = parameter.expansions;
  const isWhole = parameter.whole.text.length === 1 && parameter.expansions.length === 1;
  return isWhole && expansion?.variable !== undefined ? variables.get(expansion.variable) : undefined;
}

/** With a fault of syntax in it, a file makes grub-mkconfig stop. */
const isBroken = (file: SourceFile<GrubTree>): boolean =>
  file.tree.script.problems.some(problem => problem.kind !== 'unquoted');

const rank = (file: SourceFile): number => (file.place.path.includes('/grub.d/') ? 1 : 0);
