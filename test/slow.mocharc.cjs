// The slow stage: what starts programs, what reads megabytes, and every sweep over damaged text at its full length.
process.env.HOSTPCI_ROUNDS ??= '8';

module.exports = {
  'node-option': ['import=tsx'],
  ui: 'tdd',
  timeout: 60_000,
  spec: ['test/**/*.slow.test.ts', 'test/**/{damage,parser,shell}.test.ts'],
  ignore: ['test/vshost/**'],
};
