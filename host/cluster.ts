import type { ClusterFacts } from './inventory.ts';
import { asJump, type NamedTarget, thisMachine } from './target.ts';
import { TransportError, type TransportFault } from './transport.ts';

/** Another node of a cluster, with the ways to it, the first one first. */
export interface Mate {
  readonly name: string;
  readonly ways: readonly NamedTarget[];
}

/** What is known on this side of the names in a cluster. */
export interface MateOptions {
  /** Names of hosts that are configured already. */
  readonly known: ReadonlySet<string>;
  /** `Host` names of the user's ssh configuration: one that is called like a node is the best way to it. */
  readonly aliases: readonly string[];
  /** The user that ssh logs in as on the node that told us of the others. */
  readonly user: string | undefined;
}

/**
 * The nodes that one node of a cluster knows and we do not. A node is reached by its `Host` in the user's configuration,
 * or by its address in the cluster; where that network ends before us, through the node that told us.
 */
export function clusterMates(teller: NamedTarget, cluster: ClusterFacts | undefined, options: MateOptions): Mate[] {
  return (cluster?.nodes ?? [])
    .filter(node => node.name !== teller.name && !options.known.has(node.name) && node.online !== false)
    .flatMap(({ name, address }) => {
      const alias = options.aliases.includes(name) ? [{ name, destination: name }] : [];
      const ways = [...alias, ...(address === undefined ? [] : waysTo(name, address, teller, options.user))];
      return ways.length > 0 ? [{ name, ways }] : [];
    });
}

function waysTo(name: string, address: string, teller: NamedTarget, user: string | undefined): NamedTarget[] {
  const direct = { name, destination: user === undefined ? address : `${user}@${address}` };
  return teller.destination === thisMachine ? [direct] : [direct, { ...direct, jump: asJump(teller) }];
}

/** Milliseconds for a way to a host when there is another one to try. */
const shortConnect = 5000;

/** What comes of asking a host: the way that led there and what was read, or why there is nothing. */
export type Answer<T> = { readonly way: NamedTarget; readonly result: T } | { readonly error: unknown };

/**
 * Asks hosts side by side, a few at a time, each on the first way that leads to it, and tells of each when it is done: one
 * slow host holds up no other. `read` gets milliseconds for the connection where there is another way to try.
 */
export const askMates = <T>(
  mates: readonly Mate[],
  read: (way: NamedTarget, connect: number | undefined) => Promise<T>,
  tell: (mate: Mate, answer: Answer<T>) => Promise<void>,
): Promise<void> =>
  eachBounded(mates, nodesAtOnce, async mate => {
    const asking = firstWay(mate.ways, (way, isLast) => read(way, isLast ? undefined : shortConnect));
    await tell(mate, await asking.catch((error: unknown) => ({ error })));
  });

/** Faults after which another way may lead to the host. */
const blocked: ReadonlySet<TransportFault> = new Set(['unknown-host', 'refused', 'unreachable', 'timeout']);

/**
 * Goes the ways in their order until one leads to the host. Rejects with what the last of them said, and at once where a
 * host was reached and did not let us in.
 */
export async function firstWay<T>(
  ways: readonly NamedTarget[],
  go: (way: NamedTarget, isLast: boolean) => Promise<T>,
): Promise<{ readonly way: NamedTarget; readonly result: T }> {
  for (const [index, way] of ways.entries()) {
    const isLast = index === ways.length - 1;
    try {
      return { way, result: await go(way, isLast) };
    } catch (error) {
      if (isLast || !(error instanceof TransportError && blocked.has(error.fault))) throw error;
    }
  }
  throw new TransportError('failed', 'No way to the host is known.');
}

/** How many hosts are asked at the same time: enough for a cluster, few enough for a laptop. */
export const nodesAtOnce = 16;

/** Runs over a list with at most `most` at work at a time. `act` has to deal with its own failures. */
export async function eachBounded<T>(
  items: readonly T[],
  most: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
