"""Writes DICOM files with much that can go wrong: make_dicoms.py FOLDER"""
import os
import struct
import sys

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

MR = '1.2.840.10008.5.1.4.1.1.4'


def dataset(series, number, charset=None, name='Doe^Jane'):
    d = Dataset()
    if charset is not None:
        d.SpecificCharacterSet = charset
    d.ImageType = ['ORIGINAL', 'PRIMARY', 'M', 'ND']
    d.SOPClassUID, d.SOPInstanceUID = MR, f'1.2.3.{series}.{number}'
    d.StudyInstanceUID, d.SeriesInstanceUID = '1.2.3', f'1.2.3.{series}'
    d.StudyDate, d.AcquisitionTime, d.SeriesDate = '20260102', '031006.123000', ''
    d.Modality, d.Manufacturer, d.SeriesDescription = 'MR', 'ACME', f'T1 axial/{series}'
    d.PatientName, d.PatientID, d.PatientWeight = name, 'P 17', '61.50'
    d.SequenceVariant, d.SequenceName, d.PatientPosition = ['SP', 'OSP'], '*fl2d1_v150fh', 'HFS'
    d.SliceThickness, d.EchoTime, d.TriggerTime = '5.0', '5.10', str(40 * (number % 2))
    d.SeriesNumber, d.InstanceNumber = str(series), str(number)
    d.ImagePositionPatient = ['-10.5', '20.25', str(6 * (number // 2))]
    d.ImageOrientationPatient, d.PixelSpacing = [1, 0, 0, 0, 0.6, 0.8], ['3.0', '2']
    d.WindowCenter, d.WindowWidth = ['100', '200'], ['300', '400']
    d.FrameIncrementPointer = 0x00181063
    code, image = Dataset(), Dataset()
    code.CodeValue, code.CodeMeaning = 'T1', 'Kopf'
    image.ReferencedSOPInstanceUID = '1.2.3.4'
    image.PurposeOfReferenceCodeSequence = Sequence([code])
    d.ReferencedImageSequence, d.AnatomicRegionSequence = Sequence([image, Dataset()]), Sequence([])
    block = d.private_block(0x0029, 'ACME', create=True)
    block.add_new(1, 'LO', ['a', 'b c', ''])
    block.add_new(2, 'OB', bytes(range(256)) * 8)
    block.add_new(3, 'FD', [1.25, -3e300])
    block.add_new(4, 'SL', [-5])
    block.add_new(5, 'SQ', Sequence([image]))
    return d


def save(folder, name, d, syntax, bits, stored, signed, values, rows=6, columns=8):
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, 'MONOCHROME2'
    d.Rows, d.Columns = rows, columns
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = bits, stored, stored - 1, signed
    raw = b''.join(struct.pack('<H', v & 0xffff)[:bits // 8] for v in values)
    d.add_new(0x7fe00010, 'OW' if bits == 16 else 'OB', raw + b'\0' * (len(raw) & 1))
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = syntax
    d.is_little_endian, d.is_implicit_VR = True, syntax == ImplicitVRLittleEndian
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    d.save_as(path, write_like_original=False)


out, explicit = sys.argv[1], ExplicitVRLittleEndian
for i in range(1, 5):
    save(out, f'sub/{i}.dcm', dataset(1, i), explicit, 16, 12, 0, [i * j * 37 % 4096 for j in range(48)])
for i in range(1, 3):
    d = dataset(2, i, 'ISO_IR 100', 'M\u00fcller^J\u00f6rg')
    save(out, f'{i}.IMA', d, ImplicitVRLittleEndian, 16, 16, 1, [1000 * j - 20000 for j in range(48)])
d = dataset(3, 1, 'ISO_IR 192', '\u5c71\u7530^\u592a\u90ce')
save(out, 'MR.1.2.3', d, explicit, 8, 8, 0, range(48))
d = dataset(4, 1, ['', 'ISO 2022 IR 87'], 'Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=\u3084\u307e\u3060^\u305f\u308d\u3046')
d.ImageType = ['ORIGINAL', 'PRIMARY', 'P']
save(out, 'four', d, explicit, 16, 16, 0, [65535 - j for j in range(48)])
d = dataset(5, 1, 'ISO_IR 144', '\u041b\u044e\u043a')
d.RescaleSlope, d.RescaleIntercept, d.RescaleType = '2.5', '-100', 'US'
save(out, 'five.dcm', d, explicit, 8, 8, 1, [j - 12 for j in range(25)], 5, 5)
with open(os.path.join(out, 'notes.txt'), 'w') as notes:
    notes.write('no image')
