import { cpuModels } from '../languages/cpuModels/cpuModels.ts';
import type { SourceFile } from '../languages/language.ts';
import { propertyOf } from '../languages/pciMapping/config.ts';
import { customPrefix } from '../languages/vmConf/cpu.ts';
import { parseSectionConfig, type SectionConfig } from '../syntax/sectionConfig.ts';
import { toLines } from '../text/lines.ts';
import { filesOf, inventoryOf, type World } from '../workspace/world.ts';

/** Where a cluster keeps the CPU models of its own. */
export const cpuModelsPath = '/etc/pve/virtual-guest/cpu-models.conf';

/** Custom CPU models by name (without `custom-`), with the model that each reports to the guest. */
export type CustomModels = ReadonlyMap<string, string>;

const ofTree = new WeakMap<SectionConfig, CustomModels>();
const ofText = new Map<string, CustomModels>();

/** The custom models of the cluster, from the file beside, else from the host's own; `undefined` where nobody read it. */
export function customModels(world: World, file: SourceFile): CustomModels | undefined {
  const beside = filesOf(world, cpuModels).find(({ place }) => place.root === file.place.root);
  if (beside) return modelsOf(beside.tree);
  const text = inventoryOf(world, file)?.files.get(cpuModelsPath)?.text;
  if (text === undefined) return undefined;
  let models = ofText.get(text);
  if (!models) {
    models = modelsOf(parseSectionConfig(toLines(text), 'type: id'));
    ofText.clear();
    ofText.set(text, models);
  }
  return models;
}

/** The built-in model behind a CPU type; `undefined` for a custom one that is not known. */
export function reportedModel(world: World, file: SourceFile, type: string): string | undefined {
  if (!type.startsWith(customPrefix)) return type;
  return customModels(world, file)?.get(type.slice(customPrefix.length));
}

/** A model that says nothing else reports kvm64. */
function modelsOf(tree: SectionConfig): CustomModels {
  let models = ofTree.get(tree);
  if (!models) {
    models = new Map(
      tree.sections
        .filter(({ type }) => type.text === 'cpu-model')
        .map(section => [section.id.text, propertyOf(tree, section, 'reported-model')?.value.text ?? 'kvm64']),
    );
    ofTree.set(tree, models);
  }
  return models;
}
