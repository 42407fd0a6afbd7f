import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { projectRoot } from '../support/folders.ts';

const pages = globSync(
  ['*.md', 'docs/**/*.md', 'bench/README.md', 'functions/README.md', 'packages/*/README.md'],
  {
    cwd: projectRoot,
  },
).toSorted();
const read = (page: string): string => readFileSync(posix.join(projectRoot, page), 'utf8');

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```/g, '');

const anchorsOf = (page: string): string[] =>
  [...withoutCode(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('the pages of the documentation', () => {
  for (const page of pages) {
    it(`contain valid links to files and headings: ${page}`, () => {
      const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(
        ([, target = '']) => target,
      );
      for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : posix.join(posix.dirname(page), path);
        assert.ok(existsSync(posix.join(projectRoot, target)), `${link} names a file that does not exist`);
        if (anchor !== undefined) assert.ok(anchorsOf(target).includes(anchor), `${link} names no heading`);
      }
    });
  }

  it('cite in README.md only costs of docs/costs.md', () => {
    const rows = (text: string) =>
      text.split('\n').filter((line) => /^\| .* \| \d+ \/ \d+ \/ \d+ \|$/.test(line));
    const [all, shown] = [rows(read('docs/costs.md')), rows(read('README.md'))];
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown.filter((row) => !all.includes(row)),
      [],
    );
  });

  it('stay within 200 lines in README.md', () => {
    assert.ok(read('README.md').split('\n').length <= 200);
  });

  it('name only existing paths of the repository', () => {
    const named = pages.flatMap((page) =>
      [
        ...withoutCode(read(page)).matchAll(
          /`((?:packages|functions|tools|examples|web|bench|docs)\/[\w./-]+\.\w+)`/g,
        ),
      ].map(([, path = '']) => ({ page, path })),
    );
    const generated = /\/(lib|dist|node_modules)\/|\.env\./;
    const missing = named.filter(
      ({ path }) => !generated.test(path) && !existsSync(posix.join(projectRoot, path)),
    );
    assert.deepEqual(missing, []);
  });
});
