import assert from 'node:assert/strict';
import { betweenMarkers } from '../report/between-markers.ts';

const document =
  'before\n<!-- turn -->\nold\n<!-- /turn -->\nbetween\n<!-- load -->\n<!-- /load -->\nafter\n';

describe('betweenMarkers()', () => {
  it('changes what stands between the markers of the name, and nothing else', () => {
    const turn = betweenMarkers(document, 'turn', '| new |');
    assert.equal(turn, document.replace('\nold\n', '\n\n| new |\n\n'));
    const both = betweenMarkers(turn, 'load', '$& and $1');
    assert.ok(both.startsWith(turn.slice(0, turn.indexOf('<!-- load -->'))));
    assert.ok(both.endsWith('<!-- load -->\n\n$& and $1\n\n<!-- /load -->\nafter\n'));
  });

  it('is the same when it is done again', () => {
    const once = betweenMarkers(document, 'turn', 'new');
    assert.equal(betweenMarkers(once, 'turn', 'new'), once);
  });

  it('fails where a marker is missing, or where they stand the wrong way round', () => {
    const wrong = [
      document.replace('<!-- turn -->', ''),
      document.replace('<!-- /turn -->', ''),
      '<!-- /turn -->\n<!-- turn -->',
    ];
    for (const without of wrong) {
      assert.throws(() => betweenMarkers(without, 'turn', 'new'), /<!-- turn --> and <!-- \/turn -->/);
    }
  });
});
