/**
 * Makes `server/data/kernel-modules.json` from facts about Debian's kernel packages.
 *
 *     node --import=tsx test/tools/makeKernelModules.mts FACTS.json DIRECTORY
 *
 * FACTS.json lists for two kernels every module with parameters, aliases and softdeps as modinfo prints them; DIRECTORY
 * is `/lib/modules/VERSION` of the older of the two, after depmod, for the order of modules and dependencies.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { KernelModulesData, ModuleRow } from '../../server/languages/modprobe/kernelModules.ts';

interface RawModule {
  readonly depends?: readonly string[];
  readonly params?: Readonly<Record<string, string | null>>;
  readonly pci?: readonly string[];
  readonly aliases?: readonly string[];
  readonly softdep?: readonly string[];
  readonly builtin?: boolean;
}

type RawModules = ReadonlyMap<string, RawModule>;

const [factsPath, directory] = process.argv.slice(2);
assert.ok(factsPath && directory, 'usage: makeKernelModules.mts FACTS.json DIRECTORY');
const facts = JSON.parse(readFileSync(factsPath, 'utf8')) as {
  kernels: Record<string, { modules: Record<string, RawModule> }>;
};
const [older, newer] = Object.keys(facts.kernels) as [string, string];
const modulesOf = (kernel: string): RawModules => new Map(Object.entries(facts.kernels[kernel]?.modules ?? {}));

const linesOf = (name: string): readonly string[] => readFileSync(`${directory}/${name}`, 'utf8').trim().split('\n');
const canonical = (name: string): string => name.replaceAll('-', '_');
const moduleOf = (path: string): string => canonical(path.slice(path.lastIndexOf('/') + 1).replace(/\.ko.*$/, ''));

const before = modulesOf(older);
const after = modulesOf(newer);
const listed = linesOf('modules.order').map(moduleOf);
const lists = new Map(
  linesOf('modules.dep').map(line => {
    const [path, dependencies] = line.split(':') as [string, string];
    return [moduleOf(path), dependencies.trim().split(' ').filter(Boolean).map(moduleOf)] as const;
  }),
);
const dependencyOrder = mergeChains([...lists.values()]);
checkOrder();

const names = [...new Set([...listed, ...before.keys(), ...after.keys()])].filter(name => before.has(name) || after.has(name));
const data: KernelModulesData = {
  source: `Facts extracted from Debian's packages linux-image-${older} and linux-image-${newer}; no descriptions.`,
  kernels: [older, newer],
  modules: names.map(rowOf),
  aliases: aliases(),
  dependencyOrder: dependencyOrder.join(' '),
};
writeFileSync(new URL('../../server/data/kernel-modules.json', import.meta.url), `${render(data)}\n`);

/** One module to a line, so that a new kernel makes a readable difference. */
function render({ modules, ...rest }: KernelModulesData): string {
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"modules":[\n${modules.map(row => JSON.stringify(row)).join(',\n')}\n]}`;
}

function rowOf(name: string): ModuleRow {
  const old = before.get(name);
  const fresh = after.get(name);
  const main = old ?? fresh ?? {};
  const params = Object.entries({ ...fresh?.params, ...old?.params }).map(([key, type]) => `${key}:${shortType(type)}`);
  const ids = new Set(main.pci);
  const row: Record<keyof ModuleRow, unknown> = {
    n: name,
    k: old && fresh ? undefined : old ? 1 : 2,
    b: main.builtin ? 1 : undefined,
    p: params.sort().join(' ') || undefined,
    d: main.depends?.map(canonical).join(' ') || undefined,
    s: main.softdep,
    i: packIds([...ids]) || undefined,
    j: packIds((fresh?.pci ?? []).filter(pattern => !ids.has(pattern))) || undefined,
  };
  return row as unknown as ModuleRow;
}

function shortType(type: string | null): string {
  return (type ?? '').replace(/^array of (.*)$/, '$1[]');
}

function aliases(): Record<string, string> {
  const wanted = new Set([...before.values()].flatMap(one => (one.softdep ?? []).flatMap(text => text.split(/\s+/))));
  const found = new Map<string, Set<string>>();
  const add = (alias: string, name: string) => found.set(alias, (found.get(alias) ?? new Set()).add(name));
  for (const name of names) for (const alias of (before.get(name) ?? after.get(name))?.aliases ?? []) add(canonical(alias), name);
  for (const line of linesOf('modules.alias')) {
    const [word, alias = '', name = ''] = line.split(' ');
    if (word === 'alias' && wanted.has(alias)) add(canonical(alias), canonical(name));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([alias, list]) => [alias, [...list].join(' ')]));
}

/** `8086:1521,1533;144d:a808`; subsystem ids after dots, class after a slash. */
function packIds(patterns: readonly string[]): string {
  const vendors = new Map<string, string[]>();
  for (const pattern of patterns) {
    const found = /^pci:v(\*|[0-9A-F]{8})d(\*|[0-9A-F]{8})sv(\*|[0-9A-F]{8})sd(\*|[0-9A-F]{8})bc(.*)sc(.*)i(.*)$/.exec(pattern);
    assert.ok(found, pattern);
    const [vendor, device, subvendor, subdevice] = found.slice(1, 5).map(shortId) as [string, string, string, string];
    const subsystem = subvendor === '*' && subdevice === '*' ? '' : `.${subvendor}.${subdevice}`;
    const [base, sub, interface_] = found.slice(5) as [string, string, string];
    const type = base === '*' && sub === '*' && interface_ === '*' ? '' : `/${base}.${sub}.${interface_}`;
    vendors.set(vendor, [...(vendors.get(vendor) ?? []), device + subsystem + type]);
  }
  return [...vendors].map(([vendor, list]) => `${vendor}:${list.sort().join(',')}`).join(';');
}

function shortId(text: string): string {
  if (text === '*') return text;
  assert.ok(text.startsWith('0000') || text === 'FFFFFFFF', text);
  return text.slice(4).toLowerCase();
}

/** An order in which every given list is in order. depmod sorts all lists by one order, so there is one. */
function mergeChains(chains: readonly (readonly string[])[]): readonly string[] {
  const next = new Map<string, Set<string>>();
  const waiting = new Map<string, number>();
  for (const chain of chains) {
    for (const [index, name] of chain.entries()) {
      if (!next.has(name)) next.set(name, new Set());
      const follower = chain[index + 1];
      if (follower === undefined || next.get(name)?.has(follower)) continue;
      next.get(name)?.add(follower);
      waiting.set(follower, (waiting.get(follower) ?? 0) + 1);
    }
  }
  const order = [...next.keys()].filter(name => !waiting.get(name));
  for (const name of order) {
    for (const follower of next.get(name) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) order.push(follower);
    }
  }
  assert.equal(order.length, next.size, 'the lists contradict each other');
  return order;
}

/** The committed data must give back every line of modules.dep. */
function checkOrder(): void {
  const rank = new Map(dependencyOrder.map((name, index) => [name, index]));
  for (const [name, list] of lists) {
    const all = new Set<string>();
    const visit = (one: string): void => {
      for (const dependency of before.get(one)?.depends?.map(canonical) ?? []) {
        if (all.has(dependency)) continue;
        all.add(dependency);
        visit(dependency);
      }
    };
    visit(name);
    const sorted = [...all].filter(one => lists.has(one)).sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
    assert.deepEqual(sorted, list, name);
  }
}
