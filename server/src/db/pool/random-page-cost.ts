/**
 * As timescaledb-tune sets it, and as PostgreSQL is to be told of anything but spinning disks. By default an index seems so dear that in a
 * chunk without statistics, as each new one is, all rows of a channel are read and sorted to find the newest: 80 ms instead of 0.1.
 */
export const RANDOM_PAGE_COST = 1.1;
