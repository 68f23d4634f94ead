import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma, { type OnigString } from 'vscode-oniguruma';
import textmate, { type IGrammar, type IOnigLib, type IToken } from 'vscode-textmate';

/** The grammars of the manifest, as an editor loads and uses them. */

// CommonJS, whose names Node does not see from outside.
const { createOnigScanner, createOnigString, loadWASM } = oniguruma;
const { INITIAL, parseRawGrammar, Registry } = textmate;

const top = new URL('../../', import.meta.url);
const require = createRequire(import.meta.url);
export const read = (path: string): string => readFileSync(new URL(path, top), 'utf8');

interface Manifest {
  readonly contributes: {
    readonly grammars: readonly { language?: string; scopeName: string; path: string; injectTo?: string[] }[];
    readonly languages: readonly { id: string; configuration?: string }[];
  };
}

export const { grammars, languages } = (JSON.parse(read('package.json')) as Manifest).contributes;
const shell = { scopeName: 'source.shell', path: './test/grammar/.shell.tmLanguage.json' };

let searches = 0;

const registry = new Registry({
  onigLib: loadWASM(wasm()).then(() => ({ createOnigScanner: countingScanner, createOnigString })),
  loadGrammar: async scope => {
    const path = [...grammars, shell].find(one => one.scopeName === scope)?.path;
    return path === undefined ? null : parseRawGrammar(read(path), path);
  },
  getInjections: scope => grammars.filter(one => one.injectTo?.includes(scope)).map(one => one.scopeName),
});

export async function load(scope: string): Promise<IGrammar> {
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar, scope);
  return grammar;
}

export function tokens(grammar: IGrammar, text: string): readonly (readonly IToken[])[] {
  let state = INITIAL;
  return text.split('\n').map(line => {
    const result = grammar.tokenizeLine(line.replace(/\r+$/, ''), state);
    state = result.ruleStack;
    return result.tokens;
  });
}

/** How often expressions are searched for in a text: the work that a grammar makes, but for what one search takes. */
export function searchesIn(grammar: IGrammar, text: string): number {
  const before = searches;
  tokens(grammar, text);
  return searches - before;
}

/** Beginnings that lead into the rules of each grammar. */
export const lineStarts: Readonly<Record<string, readonly string[]>> = {
  'source.pve-vm-conf': [
    ...['', '#', '#**', '[', 'hostpci0: ', 'scsi0: local:', 'ide2: ', 'net0: ', 'args: ', 'tags: '],
    ...['boot: order=', 'cpu: host,flags=', 'nameserver: ', 'smbios1: '],
  ],
  'source.pve-ct-conf': [
    '',
    'rootfs: ',
    'net0: ',
    'env: ',
    'lxc.a',
    'lxc.mount.entry: ',
    'lxc.cgroup2.devices.allow: ',
  ],
  'source.modprobe': ['', 'options vfio-pci ids=', 'softdep a pre: ', 'alias a', 'install x ', 'blacklist '],
  'source.modules': ['', ' '],
  'source.kernel-cmdline': ['', 'root=', 'vfio-pci.ids='],
  'source.shell': ['GRUB_CMDLINE_LINUX="', "GRUB_CMDLINE_LINUX='", 'x'],
  'source.sysfs-conf': ['', 'a/b = ', 'mode '],
  'source.pve-mapping': ['', 'gpu\n\tmap ', 'gpu\n\tmap path=', 'gpu\n\t'],
  'source.pve-storage': ['', 'dir: ', 'dir: x\n\tcontent ', 'dir: x\n\t'],
  'source.pve-cpu-models': ['', 'cpu-model: ', 'cpu-model: x\n\tflags ', 'cpu-model: x\n\t'],
};

/** What makes careless expressions go back and forth when a line repeats it. */
export const units = [
  ...['a', '0', ' ', '\t', ',', '=', ':', ';', '\\', '"', "'", '*', '-', '/', '$', '`', '.', '%2', 'a=', 'a ', 'a.'],
  ...['0,', '0.', '00:', 'a:b,', '1.1.1.1 ', '0000:00:00.0;'],
];

function countingScanner(sources: string[]): ReturnType<IOnigLib['createOnigScanner']> {
  const scanner = createOnigScanner(sources);
  return {
    findNextMatchSync(text, start, options) {
      searches++;
      return scanner.findNextMatchSync(text as OnigString, start, options);
    },
    dispose: () => scanner.dispose(),
  };
}

/** A copy of its own: Node's small buffers share one piece of memory. */
function wasm(): ArrayBuffer {
  return new Uint8Array(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))).buffer;
}
