import assert from 'node:assert/strict';
import {
  docsOf,
  docsUrl,
  effects,
  keyDocs,
  propertyDocs,
  type ValueDocs,
  type VmDocs,
  valueText,
} from '../../../server/languages/vmConf/docs.ts';
import type { OptionSchema } from '../../../server/languages/vmConf/schema.ts';
import { schemaTable } from '../../../server/languages/vmConf/schemaTable.generated.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { around, library, openSite } from '../../support/check.ts';

const docs: VmDocs = docsOf(library);

/** Every option and family: a key that is valid in a file, its name and its schema. */
const options: readonly { key: string; name: string; index: number | undefined; schema: OptionSchema }[] = [
  ...Object.entries(schemaTable.options).map(([name, schema]) => ({ key: name, name, index: undefined, schema })),
  ...Object.entries(schemaTable.families).map(([name, schema]) => ({ key: `${name}0`, name, index: 0, schema })),
];

/** A value that the hover test may put behind `key=`: what it is does not matter. */
function hoverAt(line: string, column: number): string {
  const site = openSite(line, { language: vmConf });
  return vmConf.hover?.(site.file as never, { line: 0, column }, around(site))?.markdown ?? '';
}

/** Anchors of chapter-qm.html and other pages that exist; asciidoc makes the ones with `_` from headings. */
const anchors = new Set([
  'qm_audio_device',
  'qm_ballooning',
  'qm_bios_and_uefi',
  'qm_bootorder',
  'qm_cloud_init',
  'qm_cpu',
  'qm_cpu_resource_limits',
  'qm_display',
  'qm_general_settings',
  'qm_hard_disk',
  'qm_hard_disk_bus',
  'qm_ivshmem',
  'qm_machine_type',
  'qm_memory',
  'qm_memory_encryption',
  'qm_memory_encryption_sev',
  'qm_migration',
  'qm_network_device',
  'qm_options',
  'qm_os_settings',
  'qm_pci_passthrough',
  'qm_pci_passthrough_vm_config',
  'qm_qemu_agent',
  'qm_snapshots',
  'qm_spice_enhancements',
  'qm_startup_and_shutdown',
  'qm_templates',
  'qm_tpm',
  'qm_usb_passthrough',
  'qm_virtio_rng',
  'qm_virtiofs',
  'qm_vmstatestorage',
  'resource_mapping',
  'conf',
  'chapter-qm.html#_hookscripts',
  'chapter-qm.html#_numa',
  'chapter-vzdump.html',
]);

suite('VM conf: documentation', () => {
  test('every key has a hover with text, effect, example and link', () => {
    for (const { key, name, index, schema } of options) {
      const about = keyDocs(docs, { name, index });
      assert.ok(about && about.text.length > 20, `${key} has no text`);
      assert.ok(about.applies !== undefined && about.applies in effects, `${key}: ${about.applies}`);
      assert.ok(about.example?.startsWith(key.replace(/0$/, '')), `${key}: the example is about something else`);
      const markdown = hoverAt(`${key}: x`, 1);
      assert.ok(markdown.includes(about.text) && markdown.includes('https://pve.proxmox.com/'), key);
      if (schema.default !== undefined) assert.match(markdown, /default/, key);
    }
  });

  test('every sub-property has a hover', () => {
    for (const { key, schema } of options) {
      for (const name of Object.keys(schema.properties ?? {})) {
        const line = `${key}: ${name}=x`;
        const markdown = hoverAt(line, key.length + 3);
        assert.match(markdown, /\*\*`/, `${line}: ${markdown}`);
        assert.ok(markdown.split('\n\n').length >= 3, `${line} says too little: ${markdown}`);
      }
    }
  });

  test('every value of every list has a meaning', () => {
    for (const { key, name, index, schema } of options) {
      const about = keyDocs(docs, { name, index });
      for (const value of schema.enum ?? []) {
        assert.ok(valueText(docs, about, '', value), `${key}: ${value}`);
        assert.ok(hoverAt(`${key}: ${value}`, key.length + 3).startsWith(`**\`${value}\`**`), `${key}: ${value}`);
      }
      for (const [sub, its] of Object.entries(schema.properties ?? {})) {
        for (const value of its.enum ?? []) {
          assert.ok(valueText(docs, propertyDocs(docs, about, sub), sub, value), `${key}.${sub}=${value}`);
          const line = `${key}: ${sub}=${value}`;
          assert.ok(hoverAt(line, line.length - 1).startsWith(`**\`${value}\`**`), line);
        }
      }
    }
  });

  test('CPU models and flags each have a meaning', () => {
    for (const models of Object.values(schemaTable.cpuModels)) {
      for (const model of Object.keys(models)) assert.ok(docs.cpuModels[model], model);
    }
    for (const flag of schemaTable.cpuFlags) assert.ok(docs.cpuFlags[flag], flag);
  });

  test('there are no texts for what the schema does not know', () => {
    const known = new Map(options.map(option => [option.key, option.schema]));
    for (const name of Object.keys(docs.keys)) assert.ok(known.has(name) && name in schemaTable.options, name);
    for (const name of Object.keys(docs.families)) assert.ok(name in schemaTable.families, name);
    for (const { name, index, schema } of options) {
      const about = keyDocs(docs, { name, index });
      for (const sub of Object.keys(about?.properties ?? {})) assert.ok(schema.properties?.[sub], `${name}.${sub}`);
      checkValues(name, about, schema.enum);
      for (const [sub, its] of Object.entries(schema.properties ?? {})) {
        checkValues(`${name}.${sub}`, propertyDocs(docs, about, sub), its.enum);
      }
    }
    const models = Object.values(schemaTable.cpuModels).flatMap(one => Object.keys(one));
    for (const model of Object.keys(docs.cpuModels)) assert.ok(models.includes(model), model);
    for (const flag of Object.keys(docs.cpuFlags)) assert.ok(schemaTable.cpuFlags.includes(flag), flag);
  });

  test('shared sub-properties are used by some key', () => {
    for (const [group, properties] of Object.entries(docs.groups)) {
      const users = options.filter(({ name, index }) => keyDocs(docs, { name, index })?.groups?.includes(group));
      assert.ok(users.length > 0, group);
      for (const sub of Object.keys(properties)) {
        assert.ok(
          users.some(({ schema }) => schema.properties?.[sub]),
          `${group}.${sub}`,
        );
      }
    }
  });

  test('links lead to anchors that exist', () => {
    for (const link of allDocs().map(([, about]) => about.link)) {
      if (link !== undefined) assert.ok(anchors.has(link), link);
    }
    assert.equal(docsUrl('qm_cpu'), 'https://pve.proxmox.com/pve-docs/chapter-qm.html#qm_cpu');
    assert.equal(docsUrl('conf'), 'https://pve.proxmox.com/pve-docs/qm.conf.5.html');
  });

  test('effects are known words', () => {
    for (const [name, about] of allDocs()) assert.ok(about.applies === undefined || about.applies in effects, name);
  });
});

/** Values named beside a list must be on it; where the schema has no list, the documentation knows more. */
function checkValues(name: string, about: ValueDocs | undefined, list: readonly string[] | undefined): void {
  if (!list) return;
  for (const value of Object.keys(about?.values ?? {})) assert.ok(list.includes(value), `${name}=${value}`);
  for (const value of about?.first ?? []) assert.ok(list.includes(value), `${name}: first ${value}`);
}

function allDocs(): readonly (readonly [string, ValueDocs])[] {
  return [
    ...[docs.keys, docs.families, docs.extra].flatMap(part =>
      Object.entries(part).flatMap(([name, about]) => [
        [name, about] as const,
        ...Object.entries(about.properties ?? {}).map(([sub, its]) => [`${name}.${sub}`, its] as const),
      ]),
    ),
    ...Object.values(docs.groups).flatMap(group => Object.entries(group)),
  ];
}
