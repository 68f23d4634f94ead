import type { Suggestion, Surroundings } from '../language.ts';
import { customPrefix } from './cpu.ts';
import { architectureOf } from './machine.ts';
import { own } from './schema.ts';
import { schemaTable } from './schemaTable.generated.ts';
import { cpuModelFiles } from './siblingFiles.ts';
import { maybe, suggest } from './suggest.ts';
import { settingsOf, tooNewValue, type ValueRequest } from './valueRequest.ts';

/** CPU models of the VM's architecture: the ones to choose first, then real ones by name, then the cluster's own. */
export function cpuTypes(request: ValueRequest): readonly Suggestion[] {
  const models = own(schemaTable.cpuModels, architectureOf(settingsOf(request))) ?? {};
  const first = request.about?.first ?? [];
  return [
    ...Object.entries(models).map(([model, vendor]) => {
      const tooNew = tooNewValue(request, model);
      const rank = first.includes(model) ? first.indexOf(model) : rankOf(vendor, model, request.around);
      return suggest(request.target, model, 'value', {
        rank: tooNew === undefined ? rank : 900,
        detail: tooNew ?? vendorNames[vendor] ?? '',
        ...maybe('documentation', request.docs.cpuModels[model]),
        ...(deprecated.has(model) ? { deprecated: true } : {}),
      });
    }),
    ...customModels(request.around).map(model =>
      suggest(request.target, `${customPrefix}${model}`, 'value', { rank: 20, detail: 'cpu-models.conf' }),
    ),
  ];
}

/** Flags with a sign; those that the list has already are left out whatever their sign. */
export function cpuFlagItems(request: ValueRequest): readonly Suggestion[] {
  const item = request.target.token.text;
  const listed = new Set(
    request.whole
      .split(';')
      .filter(one => one !== item)
      .map(one => one.replace(/^[+-]/, '')),
  );
  const signs = item.startsWith('-') ? ['-'] : item.startsWith('+') ? ['+'] : ['+', '-'];
  return schemaTable.cpuFlags
    .filter(flag => !listed.has(flag))
    .flatMap(flag =>
      signs.map((sign, rank) =>
        suggest(request.target, `${sign}${flag}`, 'value', {
          rank: 10 + rank,
          detail: sign === '+' ? 'on' : 'off',
          ...maybe('documentation', request.docs.cpuFlags[flag]),
        }),
      ),
    );
}

/** Models of `/etc/pve/virtual-guest/cpu-models.conf`, of the file beside or of the host's copy. */
export function customModels(around: Surroundings): readonly string[] {
  const [beside] = around.siblings(cpuModelFiles);
  if (beside) return beside.tree.sections.filter(({ type }) => type.text === 'cpu-model').map(({ id }) => id.text);
  const text = around.inventory?.files.get('/etc/pve/virtual-guest/cpu-models.conf')?.text ?? '';
  return text.split('\n').flatMap(line => /^cpu-model:[ \t]*([A-Za-z0-9_-]+)/.exec(line)?.[1] ?? []);
}

const vendorNames: Readonly<Record<string, string>> = { GenuineIntel: 'Intel', AuthenticAMD: 'AMD', ARM: 'ARM' };

const deprecated = new Set(['Icelake-Client', 'Icelake-Client-noTSX']);

/** Models of the host's own vendor before the others'. */
function rankOf(vendor: string, model: string, around: Surroundings): number {
  if (schemaTable.cpu32bit.includes(model)) return 400;
  const host = around.inventory?.cpu?.vendor;
  return host === undefined || host === vendor || vendor === 'default' ? 100 : 200;
}
