import assert from 'node:assert/strict';
import { importantNames, iommuValues } from '../../../server/languages/kernelCmdline/parameters.ts';
import { parameterNames, referenceOf } from '../../../server/languages/kernelCmdline/reference.ts';
import { distance } from '../../../server/text/nearest.ts';
import { library } from '../../support/check.ts';

const all = parameterNames(library);

suite('kernel parameters, the data', () => {
  test('hundreds of names, each with a sentence', () => {
    assert.ok(Object.keys(all).length >= 400);
    for (const [name, { doc }] of Object.entries(all)) {
      assert.match(name, /^[A-Za-z0-9_.-]+$/);
      assert.match(doc, /^\S.*[.!]$/, name);
    }
  });

  test('every value has its own sentence', () => {
    for (const [name, { values }] of Object.entries(all)) {
      for (const [value, doc] of Object.entries(values ?? {}))
        assert.ok(value !== '' && doc.length > 1, `${name}=${value}`);
    }
  });

  test('no name is there twice in two spellings', () => {
    const ids = Object.keys(all).map(name => name.replaceAll('-', '_'));
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(referenceOf(library, 'vfio_pci.ids')?.name, 'vfio-pci.ids');
  });

  test('no real parameter looks like a slip in an important one', () => {
    for (const name of Object.keys(all)) {
      for (const known of importantNames) {
        if (name === known || importantNames.includes(name)) continue;
        assert.ok(distance(name, known) > (name.length > 8 ? 2 : 1), `${name} ~ ${known}`);
      }
    }
  });

  test('the values of the IOMMU parameters are those that the check knows', () => {
    for (const [id, known] of Object.entries(iommuValues)) {
      for (const value of Object.keys(all[id]?.values ?? {})) assert.ok(known.includes(value), `${id}=${value}`);
    }
  });
});
