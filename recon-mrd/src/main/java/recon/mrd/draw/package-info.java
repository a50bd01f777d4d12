/** Letters as dots, for pictures of any kind. In: a text. Out: which pixels are its. Imports nothing. */
package recon.mrd.draw;
