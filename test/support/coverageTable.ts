import { catalogue, mostPain, rulesFor } from './catalogue.ts';
import { infoOf, siteNames } from './goldenSite.ts';

/**
 * The page about the sites: what they are, and for each entry of the catalogue of failures the rules that report it and the
 * sites on which they do. `spoken` has for each site the rules that say something about it.
 */
export function coverageTable(spoken: ReadonlyMap<string, readonly string[]>): string {
  const entries = Object.keys(catalogue);
  const covered = entries.filter(entry => rulesFor(entry).length > 0);
  const healthy = siteNames.filter(name => infoOf(name).healthy);
  const stories = siteNames.filter(name => infoOf(name).entry !== undefined);
  return `${intro}
## Healthy sites

Nothing at all is said about these.

${healthy.map(name => `- ${link(name)}`).join('\n')}

## Coverage

${covered.length} of ${entries.length} entries of the catalogue of failures have a rule, ${entries.length - covered.length} have a reason why not. ${stories.length} have a story: a host
before and after the fix. **Bold** are the ${mostPain.length} that hurt most.

| Entry | Rules | Sites |
|---|---|---|
${entries.map(entry => row(entry, spoken)).join('\n')}
`;
}

const intro = `# Whole hosts

<!-- Made by UPDATE=1 npx mocha test/server/sites.test.ts -->

Each directory is a small host: the tree \`etc/\`, what the host said (\`NODE.snapshot\`, sometimes \`NODE.previous.snapshot\` from
before), and \`expected.txt\`, which is what \`hostpci check\` prints. \`README.md\` in it says where the devices are from and what
happened. \`site.json\` says what the site is for:

- \`entry\`: the story of one failure. \`after/\` holds the files that the fix changes, the snapshot too where the fix is done on the
  host; laid over the site, the finding is gone and no other has come. With \`quickFix\` the rule's own fix makes
  the same files. \`also\` names further rules that speak of the same mistake, \`remains\` those that rightly go on speaking.
- \`healthy\`: nothing is said.
- \`shows\`: many mistakes at once, and the rules that speak of them.

The stories are told in our words after the sources that each names; the hosts around them are made up to fit, on devices that
somebody has published or that were captured. Ids of hardware are those of the published listings; MAC addresses, UUIDs and names were made up, addresses are from the blocks
for documentation.
`;

const link = (name: string): string => `[${name}](${name}/README.md)`;

function row(entry: string, spoken: ReadonlyMap<string, readonly string[]>): string {
  const name = mostPain.includes(entry) ? `**${entry}**` : entry;
  const coverage = catalogue[entry];
  if (coverage !== undefined && coverage !== 'rule' && 'reason' in coverage)
    return `| ${name} | none: ${coverage.reason} | |`;
  const rules = rulesFor(entry);
  const sites = siteNames.filter(site => rules.some(rule => spoken.get(site)?.includes(rule)));
  const told = sites.map(site =>
    infoOf(site).entry === entry ? `${link(site)}, [after](${site}/after/expected.txt)` : link(site),
  );
  return `| ${name} | ${rules.map(rule => `\`${rule}\``).join(', ')} | ${told.join(', ') || 'the examples of the rule'} |`;
}
