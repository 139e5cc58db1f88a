import { describe, expect, it } from 'vitest';
import {
  signalsInFields,
  signalsInPage,
  signalsInRobots,
  signalsInRsl,
  tdmrepRules,
} from '../../../src/core/reservations/read-signals.ts';
import { type ReadSignal, strictest } from '../../../src/core/reservations/signal.ts';

const together = (signals: readonly ReadSignal[]) => strictest(signals.map(({ values }) => values));
const MINING = { ai_generative_training: 'deny', ai_training: 'deny', data_mining: 'deny' };

describe('what is reserved', () => {
  it('is not hidden behind a flood of words that allow', () => {
    const many = 1_000;
    const allowing = '<meta name="tdm-reservation" content="0">'.repeat(many);
    const page = signalsInPage(`${allowing}<meta name="tdm-reservation" content="1">`);
    expect(page.length).toBeLessThan(many);
    expect(together(page)).toEqual(MINING);
    const field = ['TDM-Reservation', '0'] as const;
    const fields = [
      ...Array.from({ length: many }, () => field),
      ['tdm-reservation', '1'] as const,
    ];
    expect(together(signalsInFields(fields))).toEqual(MINING);
    const terms = '<permits type="usage">all</permits>'.repeat(many);
    const rsl = `<rsl><content url="/"><license>${terms}<prohibits type="usage">search</prohibits>`;
    expect(together(signalsInRsl(rsl))).toMatchObject({ search_index: 'deny' });
    const robots = `${'Sitemap: /a\n'.repeat(30_000)}Content-Signal: ai-train=no`;
    expect(together(signalsInRobots(robots))).toMatchObject({ ai_training: 'deny' });
  });

  it.each([
    ['sent twice', '0, 1', MINING],
    ['sent twice, alike', '1,1', MINING],
    ['no value', '2', {}],
  ])('by a field of TDMRep that is %s', (_, value, values) => {
    expect(together(signalsInFields([['tdm-reservation', value]]))).toEqual(values);
  });

  it.each([
    ['that breaks off', '[{"location": "/", "tdm-reservation": 1', 1],
    ['of one rule without a list', '{"location": "/", "tdm-reservation": 1}', 1],
    ['behind a byte order mark', '\ufeff[{"location": "/", "tdm-reservation": 1}]', 1],
    ['that reserves nothing', '[{"location": "/", "tdm-reservation": 0}]', 0],
    ['that is empty', '[]', 0],
    ['in whose place a page was sent', '<!doctype html><p>Not found', 0],
    ['that is no file at all', '', 0],
    [
      'of more rules than are kept',
      JSON.stringify(
        Array.from({ length: 20_001 }, () => ({ location: '/a', 'tdm-reservation': 0 })),
      ),
      1,
    ],
  ])('by a tdmrep.json %s', (_, json, reserves) => {
    const denying = tdmrepRules(json).filter(({ signal }) => signal.values.data_mining === 'deny');
    expect(denying).toHaveLength(reserves);
  });

  it.each([
    ['a price', '<payment type="purchase"/>'],
    [
      'a subscription',
      "<rsl:payment type='subscription'><standard>https://x/</standard></rsl:payment>",
    ],
    ['who may', '<permits type="user">education</permits>'],
    ['where', '<permits type="geo">DE</permits>'],
  ])('by RSL terms with %s is permitted on a condition, of its own licence alone', (_, asks) => {
    const licence = (more: string, usage: string) =>
      `<license><permits type="usage">${usage}</permits>${more}</license>`;
    const rsl = `<rsl><content url="/">${licence(asks, 'ai-train')}${licence('', 'search')}</content></rsl>`;
    expect(together(signalsInRsl(rsl))).toEqual({
      ai_generative_training: { condition: 'rsl:licence' },
      ai_training: { condition: 'rsl:licence' },
      search_index: 'allow',
    });
    const free = licence('<payment type="attribution"/>', 'ai-input');
    expect(together(signalsInRsl(`<rsl>${free}</rsl>`))).toEqual({ ai_inference: 'allow' });
  });
});
