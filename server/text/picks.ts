/** Something to ask of a node alone: the answer must not change while the node is there. */
export type Question<Node> = (node: Node) => boolean;

/**
 * Which nodes of a list answer a question with yes. A question that was asked once is asked of new nodes only: the next
 * version of the list takes the answers over.
 */
export class Picks<Node> {
  readonly #nodes: readonly Node[];
  readonly #found: Map<Question<Node>, readonly number[]>;

  constructor(nodes: readonly Node[], found: ReadonlyMap<Question<Node>, readonly number[]> = new Map()) {
    this.#nodes = nodes;
    this.#found = new Map(found);
  }

  /** The places of these nodes in the list, in order. */
  of(question: Question<Node>): readonly number[] {
    let found = this.#found.get(question);
    if (!found) {
      found = placesOf(question, this.#nodes, 0);
      this.#found.set(question, found);
    }
    return found;
  }

  /** For the list in which `fresh` nodes stand in place of those from `from` to `to`. */
  spliced(nodes: readonly Node[], from: number, to: number, fresh: readonly Node[]): Picks<Node> {
    const next = new Map<Question<Node>, readonly number[]>();
    for (const [question, found] of this.#found) {
      next.set(question, splice(found, from, to, placesOf(question, fresh, from), fresh.length - (to - from)));
    }
    return new Picks(nodes, next);
  }
}

function placesOf<Node>(question: Question<Node>, nodes: readonly Node[], shift: number): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < nodes.length; at++) if (question(nodes[at] as Node)) found.push(at + shift);
  return found;
}

/** The very same array where nothing of it changes. */
function splice(
  found: readonly number[],
  from: number,
  to: number,
  fresh: readonly number[],
  shift: number,
): readonly number[] {
  const before = countBelow(found, from);
  const behind = countBelow(found, to);
  if (before === behind && fresh.length === 0 && (shift === 0 || behind === found.length)) return found;
  const rest = found.slice(behind);
  return found.slice(0, before).concat(fresh, shift === 0 ? rest : rest.map(at => at + shift));
}

/** How many of sorted numbers are smaller than a limit. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
