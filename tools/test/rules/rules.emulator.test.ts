import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells } from '../../rules/matrix.ts';
import { mutateRules } from '../../rules/mutate-rules.ts';
import { type ConditionCoverage, coverageText, readCoverage } from '../../rules/rule-coverage.ts';
import { openStage } from '../../rules/stage.ts';
import { survivingMutants } from '../../rules/surviving-mutants.ts';
import { tryCells } from '../../rules/try-cells.ts';
import { projectRoot } from '../../support/folders.ts';

const rows = Map.groupBy(cells, ({ name }) => name);
const rules = readFileSync(join(projectRoot, 'firestore.rules'), 'utf8');

describe('firestore.rules', () => {
  /** What came out otherwise, by row. */
  const surprises = new Map<string, readonly string[]>();
  let covered: readonly ConditionCoverage[];

  before(async function () {
    this.timeout(120_000);
    const stage = await openStage();
    try {
      await stage.play(rules);
      for (const [name, row] of rows) surprises.set(name, await tryCells(stage, row));
      covered = await readCoverage(stage.projectId, rules);
    } finally {
      await stage.close();
    }
  });

  for (const name of rows.keys()) {
    it(`allows exactly the specified callers: ${name}`, () => assert.deepEqual(surprises.get(name), []));
  }

  it('evaluates every condition to both true and false in these tests', () => {
    console.log(`${cells.length} cells of the matrix were tried.\n${coverageText(covered)}`);
    assert.ok(covered.length > 0);
    assert.deepEqual(
      covered.filter((one) => one.true === 0 || one.false === 0),
      [],
    );
  });

  it('changes a decision with every weakened condition, method or path', async () => {
    const mutants = mutateRules(rules);
    const survivors = await survivingMutants(mutants);
    console.log(`${mutants.length} mutants of firestore.rules, ${survivors.length} survived.`);
    assert.ok(mutants.length > 0);
    assert.deepEqual(
      survivors.map(({ change }) => change),
      [],
    );
  }).timeout(240_000);
});
