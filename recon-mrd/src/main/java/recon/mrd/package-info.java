/** MRI raw data and images. Imports nothing of the other modules. */
package recon.mrd;
