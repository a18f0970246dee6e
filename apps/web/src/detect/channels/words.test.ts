import { describe, expect, it } from 'vitest';
import { channelGaps, channelsLine, everyWords } from './words.ts';

const channel = (channel: 'telemetry' | 'feedback' | 'probe', state: 'ready' | 'unrouted' | 'silent' | 'missing') => ({
  channel,
  state,
  heardAt: null,
  routedTo: null,
});

describe('channels in words', () => {
  it('names what is heard and goes to nobody, and what fell silent; what was never there is no alarm', () => {
    const channels = [channel('telemetry', 'unrouted'), channel('feedback', 'silent'), channel('probe', 'missing')];
    expect(channelGaps(channels)).toEqual([
      'tells nobody of telemetry',
      'has not been heard lately by feedback of people served',
    ]);
    expect(channelsLine([...channels, channel('probe', 'ready')])).toBe('1 of 4 channels routed');
    expect(channelGaps([channel('probe', 'missing')])).toEqual([]);
  });
});

it('says how often something is expected', () => {
  expect([null, 1, 90, 150].map(everyWords)).toEqual([
    'not expected regularly',
    'expected every minute',
    'expected every 90 min',
    'expected every 2.5 h',
  ]);
});
