import type { Token } from '../../text/span.ts';
import type { Properties, Reason } from './reading.ts';
import { cpuModels } from './schema.ts';
import { schemaTable } from './schemaTable.generated.ts';

/** What marks a model that cpu-models.conf of the cluster defines. */
export const customPrefix = 'custom-';

/** A CPU flag with its sign, and its place in the line. */
export interface CpuFlag {
  readonly name: string;
  readonly on: boolean;
  readonly token: Token;
}

/**
 * Checks that a VM's `cpu:` line has to pass beyond its property string. A custom model always yields a reason: the
 * caller knows which ones exist. Source: qemu-server, PVE/QemuServer/CPUConfig.pm validate_vm_cpu_conf, observed.
 */
export function checkCpu(value: Token, values: Properties): readonly Reason[] {
  const type = values.get('cputype');
  const reported = values.get('reported-model');
  return [
    ...(type ? checkModel(type.value) : [{ code: 'cpu-type-missing', token: value } as const]),
    ...cpuFlags(values.get('flags')?.value)
      .filter(flag => !schemaTable.cpuFlags.includes(flag.name))
      .map(flag => ({ code: 'cpu-flag', token: flag.token }) as const),
    ...(reported ? [{ code: 'cpu-reported-model', token: reported.part.whole } as const] : []),
  ];
}

/** The flags of a `flags=` value: `+aes;-pcid`. What has no sign is left out. */
export function cpuFlags(value: Token | undefined): readonly CpuFlag[] {
  if (!value) return [];
  const flags: CpuFlag[] = [];
  let start = value.start;
  for (const text of value.text.split(';')) {
    if (/^[+-]./.test(text)) {
      flags.push({ name: text.slice(1), on: text.startsWith('+'), token: { text, start, end: start + text.length } });
    }
    start += text.length + 1;
  }
  return flags;
}

function checkModel(token: Token): readonly Reason[] {
  if (token.text.startsWith(customPrefix)) return [{ code: 'cpu-custom-model', token }];
  return cpuModels.has(token.text) ? [] : [{ code: 'cpu-model', token }];
}
