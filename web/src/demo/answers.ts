/** An answer of the demo agent, and its confidence. */
export type Answer = { content: string; confidence: number; collections_used: string[] };

const ENTRIES: readonly { about: RegExp; answer: Answer }[] = [
  {
    about: /\berf\b|\berven\b|stand size|plot size/i,
    answer: {
      content:
        'The erf size is the area of the registered piece of land itself, in square metres, as the Surveyor-General’s diagram shows it. It is not the floor area of the house: a home of 180 m² can stand on an erf of 900 m².',
      confidence: 0.92,
      collections_used: ['property-glossary'],
    },
  },
  {
    about: /title deed|deeds office/i,
    answer: {
      content:
        'The title deed is the document that proves who owns a property. It names the owner, describes the land and lists conditions such as servitudes. The original is registered at the Deeds Office; while there is a bond, the bank usually keeps it.',
      confidence: 0.9,
      collections_used: ['property-glossary', 'conveyancing'],
    },
  },
  {
    about: /transfer dut/i,
    answer: {
      content:
        'Transfer duty is a tax that the buyer pays to SARS on the value of the property, on a sliding scale that starts above a threshold. Where the seller charges VAT, there is no transfer duty. The current scale is on the SARS site.',
      confidence: 0.84,
      collections_used: ['taxes-and-costs'],
    },
  },
  {
    about: /sectional title|body corporate|\blev(y|ies)\b/i,
    answer: {
      content:
        'With a sectional title you own a section, such as a flat, together with a share of the common property. All owners form the body corporate, which looks after the common property and is paid for by monthly levies.',
      confidence: 0.88,
      collections_used: ['property-glossary', 'sectional-titles'],
    },
  },
  {
    about: /freehold|full title/i,
    answer: {
      content:
        'With freehold, also called full title, you own the land and the buildings on it outright, and look after them yourself. There are no levies unless the house is in an estate with a homeowners’ association.',
      confidence: 0.86,
      collections_used: ['property-glossary'],
    },
  },
  {
    about: /voetstoots|defect/i,
    answer: {
      content:
        'Voetstoots means “as it stands”: the buyer takes the property with its defects. It does not protect a seller who knew of a hidden defect and kept quiet about it.',
      confidence: 0.8,
      collections_used: ['conveyancing'],
    },
  },
  {
    about: /\brates\b|clearance/i,
    answer: {
      content:
        'Before a transfer can be registered, the municipality has to certify that rates and services are paid up. That is the rates clearance certificate; the seller pays for it, usually some months in advance.',
      confidence: 0.82,
      collections_used: ['conveyancing', 'taxes-and-costs'],
    },
  },
];

const UNKNOWN_ANSWER: Answer = {
  content: 'I do not know that. Shall I hand this conversation to a person? Then choose “Ask a person”.',
  confidence: 0.1,
  collections_used: [],
};

export const answerTo = (question: string): Answer =>
  ENTRIES.find(({ about }) => about.test(question))?.answer ?? UNKNOWN_ANSWER;
