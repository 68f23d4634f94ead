import type { SourceFile } from '../languages/language.ts';
import { customPrefix } from '../languages/vmConf/cpu.ts';
import { inventoryOf, type World } from '../workspace/world.ts';

/** Where a cluster keeps the CPU models of its own. */
export const cpuModelsPath = '/etc/pve/virtual-guest/cpu-models.conf';

/** Custom CPU models by name (without `custom-`), with the model that each reports to the guest. */
export type CustomModels = ReadonlyMap<string, string>;

const read = new Map<string, CustomModels>();

/** The custom models of the cluster, from the host's own file; `undefined` where nobody read it. */
export function customModels(world: World, file: SourceFile): CustomModels | undefined {
  const text = inventoryOf(world, file)?.files.get(cpuModelsPath)?.text;
  if (text === undefined) return undefined;
  let models = read.get(text);
  if (!models) {
    models = parseModels(text);
    read.clear();
    read.set(text, models);
  }
  return models;
}

/** The built-in model behind a CPU type; `undefined` for a custom one that is not known. */
export function reportedModel(world: World, file: SourceFile, type: string): string | undefined {
  if (!type.startsWith(customPrefix)) return type;
  return customModels(world, file)?.get(type.slice(customPrefix.length));
}

/** A model that says nothing else reports kvm64. */
function parseModels(text: string): CustomModels {
  const models = new Map<string, string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const header = /^cpu-model:[ \t]*([^ \t\r]+)/.exec(line)?.[1];
    if (header !== undefined) {
      name = header;
      models.set(name, 'kvm64');
    }
    const reported = /^[ \t]+reported-model[ \t]+([^ \t\r]+)/.exec(line)?.[1];
    if (reported !== undefined && name !== undefined) models.set(name, reported);
  }
  return models;
}
