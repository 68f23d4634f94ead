import assert from 'node:assert/strict';
import { hotplugFeatures } from '../../../server/languages/vmConf/formats.ts';
import { cpuModels } from '../../../server/languages/vmConf/schema.ts';
import { schemaTable } from '../../../server/languages/vmConf/schemaTable.generated.ts';
import { firstVersions, modelVersions, sinceOf, tooNewFor } from '../../../server/languages/vmConf/since.ts';

suite('VM conf: since when', () => {
  test('every entry is about something that the schema knows', () => {
    for (const path of Object.keys(firstVersions)) {
      const [place, value] = path.split('=') as [string, string | undefined];
      const [key, sub] = place.split('.') as [string, string | undefined];
      const name = key.replace(/N$/, '').replace(/^drive$/, 'scsi');
      const option = key.endsWith('N') || key === 'drive' ? schemaTable.families[name] : schemaTable.options[name];
      assert.ok(option, path);
      const schema = sub === undefined ? option : option.properties?.[sub];
      assert.ok(schema, path);
      if (value === undefined) continue;
      const values =
        sub === 'flags' ? schemaTable.cpuFlags : name === 'hotplug' ? hotplugFeatures : (schema.enum ?? []);
      assert.ok((values as readonly string[]).includes(value), path);
    }
    for (const model of modelVersions.keys()) assert.ok(cpuModels.has(model), model);
  });

  test('the youngest of key, index, sub-property and value counts', () => {
    assert.equal(sinceOf({ name: 'hostpci', index: 0 }), undefined);
    assert.equal(sinceOf({ name: 'hostpci', index: 7 }), '6.0-8');
    assert.equal(sinceOf({ name: 'hostpci', index: 7, sub: 'mapping' }), '8.0.4');
    assert.equal(sinceOf({ name: 'tpmstate', index: 0, sub: 'version', value: 'v2.0' }), '7.0-15');
    assert.equal(sinceOf({ name: 'efidisk', index: 0, sub: 'ms-cert', value: '2023k' }), '9.1.5');
    assert.equal(sinceOf({ name: 'sata', index: 1, sub: 'aio', value: 'io_uring' }), '7.0-4');
    assert.equal(sinceOf({ name: 'cpu', index: undefined, sub: 'flags', value: '+nested-virt' }), '9.0.27');
    assert.equal(sinceOf({ name: 'runningmachine', index: undefined, sub: 'viommu' }), '8.1.2');
    assert.equal(sinceOf({ name: 'constructor', index: undefined }), undefined);
  });

  test('a host of the same version is not too old, an unknown one neither', () => {
    assert.equal(tooNewFor('8.0.4', '8.0.4'), undefined);
    assert.equal(tooNewFor(undefined, '8.0.4'), undefined);
    assert.equal(tooNewFor('7.4-3', '8.0.4'), 'since qemu-server 8.0.4, this host has 7.4-3');
  });
});
