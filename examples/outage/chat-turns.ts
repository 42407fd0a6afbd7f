/** The questions and answers of the chat, in order. */
export const TURNS: readonly (readonly [question: string, answer: string])[] = [
  ['What does erf size mean?', 'The area of the plot of land, buildings or not.'],
  ['And floor area?', 'The area inside the outer walls of the buildings.'],
  ['Who registers an erf?', 'The deeds office of the province.'],
  ['What is transfer duty?', 'A tax on the price, paid by the buyer.'],
  ['From which price on?', 'There is a threshold, which each budget sets anew.'],
  ['Who pays the conveyancer?', 'The buyer, as a rule; the seller appoints.'],
  ['What is a sectional title?', 'Ownership of a unit and a share of the common property.'],
  ['And a levy?', 'What owners pay each month to keep the common property.'],
  ['What is a bond?', 'A loan with the property as its security.'],
  ['Who cancels the old one?', 'The attorney of the bank that gave it.'],
  ['What is an occupation certificate?', 'The municipality says that the building may be used.'],
  ['And a beetle certificate?', 'Somebody looked for wood borers and found none.'],
  ['How long does a transfer take?', 'Eight to twelve weeks, if nothing is missing.'],
  ['Can it be faster?', 'Rarely: the clearance of the municipality takes its time.'],
];
