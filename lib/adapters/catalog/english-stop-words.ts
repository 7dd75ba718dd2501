/** English words of three letters and more that say nothing of what an image is about. */
export const englishStopWords: ReadonlySet<string> = new Set(
  `about above after again against all also and any are because been before being below between both but can cannot
  could did does doing don down during each few for from further had has have having her here hers herself him himself
  his how into its itself just more most myself nor not now off once only other our ours ourselves out over own per
  same shall she should some such than that the their theirs them themselves then there these they this those through
  too under until upon very via was were what when where which while who whom why will with would yet you your yours
  yourself yourselves`.split(/\s+/),
);
